// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation
import TencentCloud

/// What `history.mustache` and `call.mustache` are given.
struct HistoryContext {
    let language: Language
    let times: PageTime
    let keepsPayloads: Bool

    var strings: [String: String] { PageStrings.table(language) }

    /// The context of a list.
    func list(
        _ page: HistoryPage, _ question: HistoryQuestion, names: HistoryNames, gaps: [HistoryGap],
        trouble: HistoryTrouble?
    ) -> [String: any Sendable] {
        let isFiltered = !question.texts.isEmpty
        var context: [String: any Sendable] = [
            "zone": times.zoneName,
            "payloads": strings[keepsPayloads ? "historyPayloadsKept" : "historyPayloadsNotKept"] ?? "",
            "filter": filter(question, names, isOpen: isFiltered),
            "hasCalls": !page.calls.isEmpty,
            "calls": page.calls.map(row),
            "csv": "/history?" + question.query([("format", "csv")]),
            "json": "/history?" + question.query([("format", "json")]),
            "statistics": "/history/statistics?" + question.query(),
            "hasMissing": !gaps.isEmpty,
            "missing": gaps.map(sentence),
        ]
        if page.calls.isEmpty { context["none"] = strings[isFiltered ? "historyNoneFound" : "historyEmpty"] }
        let limit = question.limit.map { [(name: "limit", value: String($0))] } ?? []
        context["limit"] = question.limit.map(String.init)
        if question.after != nil { context["newest"] = "/history?" + question.query(limit) }
        if let next = page.next { context["older"] = "/history?" + question.query(limit + [("after", next.text)]) }
        if let trouble {
            context["trouble"] = [
                "reason": trouble.reason,
                "waiting": (strings["historyWaiting"] ?? "")
                    .replacingHashes(with: [String(trouble.waiting), String(trouble.dropped)]),
            ]
        }
        return context
    }

    private func filter(_ question: HistoryQuestion, _ names: HistoryNames, isOpen: Bool) -> [String: any Sendable] {
        var filter: [String: any Sendable] = [
            "isOpen": isOpen, "functions": names.functions, "callers": names.callers, "codes": names.codes,
            "doors": HistoryWords.doors.map { choice($0, HistoryWords.door($0, strings), question.text("door")) },
            "outcomes": HistoryOutcome.allCases.map { outcome in
                choice(outcome.rawValue, HistoryWords.outcome(outcome, strings), question.text("outcome"))
            },
            "from": question.filter.from.map(times.field) ?? "", "to": question.filter.to.map(times.field) ?? "",
        ]
        for name in ["function", "caller", "code", "id"] { filter[name] = question.text(name) }
        return filter
    }

    private func choice(_ value: String, _ name: String, _ chosen: String) -> [String: any Sendable] {
        ["value": value, "name": name, "isChosen": value == chosen]
    }

    private func row(_ call: HistoryCall) -> [String: any Sendable] {
        var row: [String: any Sendable] = [
            "href": "/history/" + QueryText.encoded(call.id),
            "iso": PageTime.iso(call.beganAt), "time": times.text(call.beganAt),
            "outcome": call.outcome.rawValue, "outcomeName": HistoryWords.outcome(call.outcome, strings),
            "function": call.readableFunction, "caller": call.caller,
            "doorName": HistoryWords.door(call.door, strings),
            "duration": call.outcome == .running
                ? "" : ReadableUnits.duration(milliseconds: Double(call.microseconds) / 1000),
        ]
        if !call.code.isEmpty, call.code != "OK" { row["code"] = call.code }
        return row
    }

    private func sentence(_ gap: HistoryGap) -> String {
        let key = gap.calls == nil ? "historyMissingUncounted" : "historyMissingCounted"
        let count = gap.calls.map { [$0.grouped] } ?? []
        return (strings[key] ?? "")
            .replacingHashes(with: count + [times.text(gap.since), times.text(gap.until), gap.reason])
    }
}

/// Words for what the history keeps as codes.
enum HistoryWords {
    static let doors = ["invoke", "hook", "cloud-api", "delivery"]

    static func door(_ door: String, _ strings: [String: String]) -> String {
        switch door {
        case "invoke": strings["doorInvoke"] ?? door
        case "hook": strings["doorHook"] ?? door
        case "cloud-api": strings["doorCloudAPI"] ?? door
        case "delivery": strings["doorDelivery"] ?? door
        default: door
        }
    }

    static func outcome(_ outcome: HistoryOutcome, _ strings: [String: String]) -> String {
        switch outcome {
        case .ok: strings["outcomeOk"] ?? ""
        case .failed: strings["outcomeFailed"] ?? ""
        case .accepted: strings["outcomeAccepted"] ?? ""
        case .repeated: strings["outcomeRepeated"] ?? ""
        case .refused: strings["outcomeRefused"] ?? ""
        case .unknown: strings["outcomeUnknown"] ?? ""
        case .running: strings["outcomeRunning"] ?? ""
        }
    }
}

extension HistoryCall {
    /// `default/hello`, or a dash.
    var readableFunction: String { functionName.isEmpty ? "–" : "\(namespace)/\(functionName)" }
}

extension String {
    /// Puts texts in the places of `#`.
    func replacingHashes(with texts: [String]) -> String {
        let pieces = split(separator: "#", omittingEmptySubsequences: false)
        return zip(pieces, texts + [""]).map { $0 + $1 }.joined()
    }
}
