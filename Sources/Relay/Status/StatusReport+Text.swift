// SPDX-License-Identifier: Apache-2.0

import FastCGI

extension StatusReport {
    /// `name: value` lines; with `full`, a block for each call under way.
    func text(full: Bool) -> [UInt8] {
        var lines = [
            Self.line("state", state),
            Self.line("version", Version.current),
            Self.line("start time", UTCTime(timestamp: startTime).text),
            Self.line("start since", now - startTime),
        ]
        for listener in listeners { lines += Self.lines(listener) }
        lines += [
            Self.line("ended calls", endedCalls),
            Self.line("calls in flight", calls.count),
            Self.line("waiting for their turn", count(.waiting)),
            Self.line("sent to the cloud", count(.sent)),
            Self.line("max calls in flight", highest),
            Self.line("limit in flight", limit),
            Self.line("saturation", "\(Self.tenths(saturation)) %"),
            Self.line("oldest call", "\(Self.tenths(calls.first?.age.seconds ?? 0)) s"),
            Self.line("bytes held", "\(bytesHeld) of \(bytesHeldLimit)"),
        ]
        lines += shed.map { Self.line("shed, \($0.reason)", $0.count) }
        if let queued { lines.append(Self.line("queued calls", queued)) }
        if let dead { lines.append(Self.line("dead calls", dead)) }
        if full { for call in calls { lines += Self.lines(call) } }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func lines(_ listener: Listener) -> [String] {
        [
            line("listen", listener.address),
            line("accepted conn", listener.acceptedConnections),
            line("open conn", listener.openConnections),
            line("busy conn", listener.busyConnections),
            line("listen queue", listener.queue.map { String($0.length) } ?? "unknown"),
            line("listen queue len", listener.queue?.limit.map { String($0) } ?? "unknown"),
        ]
    }

    private static func lines(_ call: Call) -> [String] {
        [
            "", "************************",
            line("request id", call.requestId),
            line("door", call.door),
            line("caller", escaped(call.caller)),
            line("function", call.function),
            line("stage", call.stage.rawValue),
            line("age", "\(tenths(call.age.seconds)) s"),
        ]
    }

    private static func line(_ name: String, _ value: Int) -> String { line(name, String(value)) }

    private static func line(_ name: String, _ value: String) -> String {
        "\(name):\(String(repeating: " ", count: max(1, 24 - name.count)))\(value)"
    }

    /// What others may have chosen can end neither its line nor confuse a terminal.
    private static func escaped(_ value: String) -> String {
        var text: [UInt8] = []
        LogText.append(value, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// With one digit behind the point, without a formatter.
    private static func tenths(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
