// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation
import TencentCloud

/// What the views of deliveries are given.
struct DeliveryContext {
    let times: PageTime
    let strings: [String: String]

    init(for call: HTTPCall) {
        times = PageTime(for: call)
        strings = PageStrings.table(PageLanguage.of(call))
    }

    /// The context of `deliveries.mustache`.
    ///
    /// - Parameters:
    ///   - calls: The calls.
    ///   - state: The state that was asked for; `nil` for all that are not delivered.
    ///   - first: Where the list begins; `nil` where it begins here.
    ///   - more: Where there are later ones; `nil` where there are none.
    ///   - notice: What was just done.
    /// - Returns: The context.
    func list(
        _ calls: [CallSummary], state: CallState?, first: String?, more: String?, notice: String?
    ) -> [String: any Sendable] {
        let all: [String: any Sendable] = [
            "value": "", "name": strings["deliveriesAll"] ?? "", "isChosen": state == nil,
        ]
        var context: [String: any Sendable] = [
            "zone": times.zoneName,
            "states": [all]
                + CallState.allCases.map { each in
                    ["value": each.rawValue, "name": name(of: each), "isChosen": each == state]
                },
            "hasCalls": !calls.isEmpty,
            "calls": calls.map(row),
        ]
        if let first { context["first"] = first }
        if let more { context["more"] = more }
        if let notice { context["notice"] = notice }
        return context
    }

    private func row(_ call: CallSummary) -> [String: any Sendable] {
        var row: [String: any Sendable] = [
            "href": "/deliveries?id=" + QueryText.encoded(call.id),
            "iso": PageTime.iso(call.acceptedAt), "time": times.text(call.acceptedAt),
            "state": call.state.rawValue, "stateName": name(of: call.state), "hook": call.hook,
            "target": call.target.text, "tries": String(call.attempts),
        ]
        if let outcome = call.lastOutcome { row["last"] = outcome.code }
        return row
    }

    /// The context of `delivery.mustache`.
    func detail(_ detail: CallDetail, notice: String?) -> [String: any Sendable] {
        let call = detail.summary
        let help = call.state == .unknown ? "deliveryRetryUnknownHelp" : "deliveryRetryHelp"
        var context: [String: any Sendable] = [
            "id": call.id, "target": call.target.text, "zone": times.zoneName,
            "canRetry": [.waiting, .dead, .unknown].contains(call.state), "canDrop": call.state != .running,
            "retryHelp": strings[help] ?? "", "facts": operatorFacts(call),
            "hasTries": !detail.attempts.isEmpty, "tries": detail.attempts.map(attempt),
        ]
        add(call.state, to: &context)
        if let notice { context["notice"] = notice }
        return context
    }

    private func attempt(_ attempt: Attempt) -> [String: any Sendable] {
        [
            "number": String(attempt.number), "iso": PageTime.iso(attempt.startedAt),
            "started": times.text(attempt.startedAt),
            "ended": attempt.endedAt.map(times.text) ?? strings["deliveryUnderWay"] ?? "",
            "code": attempt.outcome?.code ?? "", "message": attempt.outcome?.message ?? "",
        ]
    }

    private func operatorFacts(_ call: CallSummary) -> [[String: any Sendable]] {
        facts([
            ("Id", call.id), (strings["deliveriesHook"] ?? "", call.hook),
            (strings["deliverySenderId"] ?? "", call.deliveryId ?? ""),
            (strings["deliveriesTime"] ?? "", "\(times.text(call.acceptedAt)) \(times.zoneName)"),
            (strings["deliveryDue"] ?? "", call.state == .waiting ? times.text(call.dueAt) : ""),
            (strings["deliveryIdempotent"] ?? "", strings[call.idempotent ? "deliveryYes" : "deliveryNo"] ?? ""),
            (
                strings["deliveryPayload"] ?? "",
                (strings["deliveryBytes"] ?? "").replacingHashes(with: [call.payloadBytes.grouped])
            ),
            ("FunctionRequestId", call.lastOutcome?.functionRequestId ?? ""),
        ])
    }

    /// The context of `deliverystate.mustache`: the same as the JSON.
    func state(_ detail: CallDetail) -> [String: any Sendable] {
        let call = detail.summary
        var context: [String: any Sendable] = [
            "operators": "/deliveries?id=" + QueryText.encoded(call.id),
            "facts": facts([
                ("Id", call.id),
                (strings["deliveriesTime"] ?? "", "\(times.text(call.acceptedAt)) \(times.zoneName)"),
                (strings["deliveriesTries"] ?? "", String(detail.attempts.count)),
                (strings["deliveryCode"] ?? "", call.lastOutcome?.code ?? ""),
                ("FunctionRequestId", call.lastOutcome?.functionRequestId ?? ""),
            ]),
        ]
        add(call.state, to: &context)
        return context
    }

    private func facts(_ all: [(name: String, value: String)]) -> [[String: any Sendable]] {
        all.filter { !$0.value.isEmpty }.map { ["name": $0.name, "value": $0.value] }
    }

    private func add(_ state: CallState, to context: inout [String: any Sendable]) {
        let tone =
            switch state {
            case .done: "success"
            case .dead: "error"
            case .unknown: "failed"
            case .waiting, .running: "accepted"
            }
        context["tone"] = tone
        context["state"] = state.rawValue
        context["stateName"] = name(of: state)
    }

    private func name(of state: CallState) -> String {
        switch state {
        case .waiting: strings["stateWaiting"] ?? ""
        case .running: strings["stateRunning"] ?? ""
        case .done: strings["stateDone"] ?? ""
        case .dead: strings["stateDead"] ?? ""
        case .unknown: strings["stateUnknown"] ?? ""
        }
    }
}
