// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation
import TencentCloud

extension HistoryContext {
    /// The context of one call.
    func detail(_ detail: HistoryDetail) -> [String: any Sendable] {
        let call = detail.call
        var context: [String: any Sendable] = [
            "state": Self.state(of: call.outcome), "outcome": call.outcome.rawValue,
            "outcomeName": HistoryWords.outcome(call.outcome, strings), "function": call.readableFunction,
            "facts": facts(call), "texts": detail.payload.map(texts) ?? [],
            "notKept": detail.payload == nil,
        ]
        if let explanation = explanation(call.outcome) { context["explanation"] = explanation }
        if call.code != "OK", !call.code.isEmpty { context["error"] = error(call) }
        if call.outcome == .ok || call.outcome == .failed { context["figures"] = figures(call) }
        if !call.functionName.isEmpty, call.outcome != .running {
            let hasEvent = detail.payload.map { $0.clientContext?.isWhole ?? true } ?? false
            context["again"] = [
                "href": "/history/again?id=\(QueryText.encoded(call.id))",
                "note": hasEvent ? "" : strings["callAgainWithout"] ?? "",
            ]
        }
        return context
    }

    /// The tone of the card.
    private static func state(of outcome: HistoryOutcome) -> String {
        switch outcome {
        case .ok: "success"
        case .failed, .unknown: "failed"
        case .refused: "error"
        case .accepted, .repeated, .running: "accepted"
        }
    }

    private func explanation(_ outcome: HistoryOutcome) -> String? {
        switch outcome {
        case .running: strings["callRunning"]
        case .failed: strings["callFailed"]
        case .accepted: strings["callAccepted"]
        case .repeated: strings["callRepeated"]
        case .unknown: strings["callUnknown"]
        case .ok, .refused: nil
        }
    }

    private func error(_ call: HistoryCall) -> [String: any Sendable] {
        var error: [String: any Sendable] = ["code": call.code, "message": call.message]
        if let entry = ErrorCatalogue.meaning(of: ErrorCode(rawValue: call.code)) {
            error["meaning"] = entry.meaning[language]
            error["advice"] = entry.advice[language]
        }
        return error
    }

    private func figures(_ call: HistoryCall) -> [String: any Sendable] {
        [
            "took": ReadableUnits.duration(milliseconds: Double(call.microseconds) / 1000),
            "duration": ReadableUnits.duration(milliseconds: call.duration),
            "billed": ReadableUnits.duration(milliseconds: Double(call.billDuration)),
            "memory": ReadableUnits.size(bytes: call.memUsage),
        ]
    }

    /// Everything else that is known, as far as it is.
    private func facts(_ call: HistoryCall) -> [[String: any Sendable]] {
        let own = "/history/" + QueryText.encoded(call.id)
        let named: [(name: String, value: String, href: String?)] = [
            (strings["callPermalink"] ?? "", own, own),
            (strings["historyTime"] ?? "", "\(times.text(call.beganAt)) \(times.zoneName)", nil),
            (strings["historyDoor"] ?? "", HistoryWords.door(call.door, strings), nil),
            (strings["historyCaller"] ?? "", call.caller, nil),
            (strings["callHook"] ?? "", call.hook, nil),
            (
                call.door == "delivery" ? strings["callDelivery"] ?? "" : "RequestId", call.requestId,
                call.door == "delivery" ? "/deliveries?id=\(QueryText.encoded(call.requestId))" : nil
            ),
            ("RequestId (Cloud)", call.cloudRequestId, nil),
            ("FunctionRequestId", call.functionRequestId, nil),
            ("Qualifier", call.qualifier, nil), ("Region", call.region, nil), ("RoutingKey", call.routingKey, nil),
            ("InvocationType", call.invocationType, nil), ("LogType", call.logType, nil),
            (strings["callMemorySize"] ?? "", call.memorySize.map { "\($0) MB" } ?? "", nil),
            (strings["httpStatus"] ?? "", call.status == 0 ? "" : String(call.status), nil),
            (strings["callNote"] ?? "", call.note, nil),
            (strings["callBytes"] ?? "", "\(call.bytesIn.grouped), \(call.bytesOut.grouped)", nil),
        ]
        return named.filter { !$0.value.isEmpty }.map { fact in
            var context: [String: any Sendable] = ["name": fact.name, "value": fact.value]
            if let href = fact.href { context["href"] = href }
            return context
        }
    }

    private func texts(_ payload: HistoryPayload) -> [[String: any Sendable]] {
        let texts: [(name: String, parameter: String, kept: KeptText?)] = [
            ("ErrMsg", "ErrMsg", payload.errMsg), ("RetMsg", "RetMsg", payload.retMsg),
            ("ClientContext", "ClientContext", payload.clientContext), ("Log", "Log", payload.log),
        ]
        return texts.compactMap { name, parameter, kept in
            guard let kept else { return nil }
            var context: [String: any Sendable] = [
                "name": strings[name] ?? "", "parameter": parameter,
                "hasText": !kept.text.isEmpty || kept.byteCount == 0,
                "text": String(decoding: kept.text, as: UTF8.self),
            ]
            if !kept.isWhole {
                let key = kept.text.isEmpty ? "callTooLong" : "callCut"
                let counts = kept.text.isEmpty ? [kept.byteCount] : [kept.text.count, kept.byteCount]
                context["note"] = (strings[key] ?? "").replacingHashes(with: counts.map(\.grouped))
            }
            return context
        }
    }
}
