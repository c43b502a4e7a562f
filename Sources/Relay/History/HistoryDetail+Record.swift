// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import Invocation

// What the history keeps of what a door tells.

extension HistoryDetail {
    /// Ways in whose calls are kept.
    private static let doors: Set<String> = ["invoke", "hook", "cloud-api", "delivery"]

    /// A call that is under way.
    ///
    /// - Returns: `nil` where no function is meant.
    init?(running record: CallRecord, at now: Int, keepsPayloads: Bool) {
        guard record.request != nil else { return nil }
        self.init(call: HistoryCall(record, id: record.historyId ?? record.requestId, beganAt: now))
        if keepsPayloads { payload = HistoryPayload(record) }
    }

    /// A call that has ended.
    ///
    /// - Returns: `nil` where no function was meant: a greeting, a look at a list, something at an unknown address.
    init?(ended record: CallRecord, at now: Int, keepsPayloads: Bool, makeId: () -> String) {
        guard Self.doors.contains(record.door), record.request != nil || record.code != "OK" else { return nil }
        // Each attempt of a delivery is a call, and all have the delivery's id.
        let id = record.historyId ?? (record.door == "delivery" ? makeId() : record.requestId)
        var call = HistoryCall(record, id: id, beganAt: now - Int(record.elapsed / .milliseconds(1)))
        call.outcome = HistoryOutcome(record)
        call.status = record.status
        call.code = record.code
        call.message = String(record.message.unicodeScalars.prefix(LogLine.maximumText))
        call.note = record.note
        call.microseconds = max(1, Int(record.elapsed / .microseconds(1)))
        call.cloudRequestId = record.cloudRequestId
        call.bytesOut = record.bytesOut
        if let result = record.result {
            call.duration = result.duration
            call.billDuration = result.billDuration
            call.memUsage = result.memUsage
            call.functionRequestId = result.functionRequestId
        }
        self.init(call: call)
        if keepsPayloads { payload = HistoryPayload(record) }
    }
}

extension HistoryCall {
    fileprivate init(_ record: CallRecord, id: String, beganAt: Int) {
        self.init(id: id, door: record.door, caller: record.caller, beganAt: beganAt)
        requestId = record.requestId
        hook = record.hook
        bytesIn = record.bytesIn
        guard let request = record.request else { return }
        functionName = request.functionName
        namespace = request.namespace ?? "default"
        qualifier = request.qualifier ?? ""
        region = request.region ?? ""
        routingKey = request.routingKey ?? ""
        invocationType = request.invocationType.rawValue
        logType = request.logType.rawValue
    }
}

extension HistoryOutcome {
    /// How a call went that has ended.
    fileprivate init(_ record: CallRecord) {
        if record.functionFailed || (record.result != nil && record.code != "OK") {
            // It ran; the second kind returned what nobody can be answered with.
            self = .failed
        } else if record.code != "OK" {
            self = record.mayHaveRun ? .unknown : .refused
        } else if record.result != nil {
            self = record.request?.invocationType == .event ? .accepted : .ok
        } else {
            self = record.status == 202 ? .accepted : .repeated
        }
    }
}

extension HistoryPayload {
    /// Bytes of each text that are kept.
    static let textBytes = 65_536

    /// Copies: a slice would keep the whole request in memory.
    fileprivate init(_ record: CallRecord) {
        self.init()
        if let context = record.request?.clientContext {
            clientContext = KeptText(
                text: context.byteCount <= Self.textBytes ? context.text : [], byteCount: context.byteCount)
        }
        guard let result = record.result else { return }
        if record.request?.invocationType != .event { retMsg = KeptText(beginningOf: result.retMsg) }
        if !result.errMsg.isEmpty { errMsg = KeptText(beginningOf: result.errMsg) }
        if !result.log.isEmpty { log = KeptText(beginningOf: result.log) }
    }
}

extension KeptText {
    /// So much of it as is kept, and no broken character at the end.
    fileprivate init(beginningOf text: String) {
        let bytes = Array(text.utf8)
        var end = min(bytes.count, HistoryPayload.textBytes)
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        self.init(text: Array(bytes[..<end]), byteCount: bytes.count)
    }
}
