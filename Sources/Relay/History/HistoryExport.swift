// SPDX-License-Identifier: Apache-2.0

import CallStore

/// Calls of the history for programs: JSON, and CSV (RFC 4180).
enum HistoryExport {
    /// `{"Calls":[…],"Next":"…","Missing":[…]}`.
    static func json(_ page: HistoryPage, missing gaps: [HistoryGap], trouble: HistoryTrouble?) -> [UInt8] {
        var text = JSONText()
        text.object { text in
            text.name("Calls")
            text.array { text in
                for call in page.calls { text.object { $0.members(of: call) } }
            }
            if let next = page.next { text.member("Next", next.text) }
            text.name("Missing")
            text.array { text in
                for gap in gaps { text.object { $0.members(of: gap) } }
            }
            if let trouble { text.member("Trouble", trouble.reason) }
        }
        return text.bytes
    }

    /// A call and its payload, where that was kept.
    static func json(_ detail: HistoryDetail) -> [UInt8] {
        var text = JSONText()
        text.object { text in
            text.members(of: detail.call)
            let texts = [
                ("ClientContext", detail.payload?.clientContext), ("RetMsg", detail.payload?.retMsg),
                ("ErrMsg", detail.payload?.errMsg), ("Log", detail.payload?.log),
            ]
            for (name, kept) in texts {
                guard let kept else { continue }
                text.member(name, String(decoding: kept.text, as: UTF8.self))
                if !kept.isWhole { text.member(name + "Bytes", kept.byteCount) }
            }
        }
        return text.bytes
    }

    // MARK: CSV

    private static let columns: [(name: String, value: @Sendable (HistoryCall) -> String)] = [
        ("Id", { $0.id }), ("Time", { PageTime.iso($0.beganAt) }), ("Door", { $0.door }), ("Caller", { $0.caller }),
        ("Namespace", { $0.namespace }), ("FunctionName", { $0.functionName }), ("Qualifier", { $0.qualifier }),
        ("Region", { $0.region }), ("InvocationType", { $0.invocationType }), ("Hook", { $0.hook }),
        ("Outcome", { $0.outcome.rawValue }), ("Status", { String($0.status) }), ("Code", { $0.code }),
        ("Message", { $0.message }), ("Note", { $0.note }), ("Microseconds", { String($0.microseconds) }),
        ("Duration", { String($0.duration) }), ("BillDuration", { String($0.billDuration) }),
        ("MemUsage", { String($0.memUsage) }), ("MemorySize", { $0.memorySize.map(String.init) ?? "" }),
        ("RequestId", { $0.requestId }), ("CloudRequestId", { $0.cloudRequestId }),
        ("FunctionRequestId", { $0.functionRequestId }), ("BytesIn", { String($0.bytesIn) }),
        ("BytesOut", { String($0.bytesOut) }),
    ]

    /// A line of names, and one for each call.
    static func csv(_ calls: [HistoryCall]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 * (calls.count + 1))
        appendLine(columns.map(\.name), to: &bytes)
        for call in calls { appendLine(columns.map { $0.value(call) }, to: &bytes) }
        return bytes
    }

    private static func appendLine(_ fields: [String], to bytes: inout [UInt8]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendField(field, to: &bytes)
        }
        bytes += "\r\n".utf8
    }

    /// A spreadsheet takes a field that begins like this for a formula, and callers choose what some fields hold. An
    /// apostrophe in front makes it a text. The wide forms are the same signs to a spreadsheet of a Chinese or Japanese desk.
    private static let formulaStarts = Set("=+-@\t\r\n|%＝＋－＠｜％".unicodeScalars)
    private static let spaces = Set(" \u{3000}\u{A0}\u{FEFF}".unicodeScalars)

    private static func appendField(_ field: String, to bytes: inout [UInt8]) {
        var field = field
        if let first = field.unicodeScalars.first(where: { !spaces.contains($0) }), formulaStarts.contains(first) {
            field = "'" + field
        }
        guard field.utf8.contains(where: { ",\"\r\n;'".utf8.contains($0) }) else {
            bytes += field.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in field.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONText {
    /// Writes what is listed of a call. What is empty or zero is left out.
    fileprivate mutating func members(of call: HistoryCall) {
        member("Id", call.id)
        member("Time", PageTime.iso(call.beganAt))
        member("Door", call.door)
        member("Caller", call.caller)
        let texts = [
            ("Namespace", call.namespace), ("FunctionName", call.functionName), ("Qualifier", call.qualifier),
            ("Region", call.region), ("RoutingKey", call.routingKey), ("InvocationType", call.invocationType),
            ("LogType", call.logType), ("Hook", call.hook),
        ]
        for (name, text) in texts where !text.isEmpty { member(name, text) }
        member("Outcome", call.outcome.rawValue)
        member("Status", call.status)
        member("Code", call.code)
        for (name, text) in [("Message", call.message), ("Note", call.note)] where !text.isEmpty { member(name, text) }
        member("Microseconds", call.microseconds)
        if call.duration > 0 { member("Duration", call.duration) }
        let numbers = [
            ("BillDuration", call.billDuration), ("MemUsage", call.memUsage), ("MemorySize", call.memorySize ?? 0),
            ("BytesIn", call.bytesIn), ("BytesOut", call.bytesOut),
        ]
        for (name, number) in numbers where number > 0 { member(name, number) }
        let ids = [
            ("RequestId", call.requestId), ("CloudRequestId", call.cloudRequestId),
            ("FunctionRequestId", call.functionRequestId),
        ]
        for (name, id) in ids where !id.isEmpty { member(name, id) }
    }

    fileprivate mutating func members(of gap: HistoryGap) {
        member("Since", PageTime.iso(gap.since))
        member("Until", PageTime.iso(gap.until))
        if let calls = gap.calls { member("Calls", calls) }
        member("Reason", gap.reason)
    }
}
