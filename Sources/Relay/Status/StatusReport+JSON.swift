// SPDX-License-Identifier: Apache-2.0

import FastCGI

extension StatusReport {
    /// One object; with `full`, each call under way is in it.
    func json(full: Bool) -> [UInt8] {
        var text = JSONText()
        text.object { json in
            json.member("State", state)
            json.member("Version", Version.current)
            json.member("StartTime", startTime)
            json.member("StartSince", now - startTime)
            json.name("Listeners")
            json.array { json in for listener in listeners { Self.write(listener, to: &json) } }
            json.member("EndedCalls", endedCalls)
            json.member("CallsInFlight", calls.count)
            json.member("Waiting", count(.waiting))
            json.member("Sent", count(.sent))
            json.member("MaxCallsInFlight", highest)
            json.member("LimitInFlight", limit)
            json.member("SaturationPercent", Int(saturation.rounded()))
            json.member("OldestCallMilliseconds", calls.first?.age.wholeMilliseconds ?? 0)
            json.member("BytesHeld", bytesHeld)
            json.member("BytesHeldLimit", bytesHeldLimit)
            json.name("Shed")
            json.object { json in for (reason, count) in shed { json.member(reason, count) } }
            if let queued { json.member("QueuedCalls", queued) }
            if let dead { json.member("DeadCalls", dead) }
            guard full else { return }
            json.name("Calls")
            json.array { json in for call in calls { Self.write(call, to: &json) } }
        }
        return text.bytes
    }

    private static func write(_ listener: Listener, to json: inout JSONText) {
        json.object { json in
            json.member("Address", listener.address)
            json.member("AcceptedConnections", listener.acceptedConnections)
            json.member("OpenConnections", listener.openConnections)
            json.member("BusyConnections", listener.busyConnections)
            guard let queue = listener.queue else { return }
            json.member("ListenQueue", queue.length)
            if let limit = queue.limit { json.member("ListenQueueLimit", limit) }
        }
    }

    private static func write(_ call: Call, to json: inout JSONText) {
        json.object { json in
            json.member("RequestId", call.requestId)
            json.member("Door", call.door)
            json.member("Caller", call.caller)
            json.member("Function", call.function)
            json.member("Stage", call.stage.rawValue)
            json.member("AgeMilliseconds", call.age.wholeMilliseconds)
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int { Int(self / .milliseconds(1)) }
}
