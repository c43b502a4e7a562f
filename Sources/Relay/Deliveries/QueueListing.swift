// SPDX-License-Identifier: Apache-2.0

package import CallStore
import Foundation
import Invocation

/// Stored calls for people and programs. Payloads are not in it.
package enum QueueListing {
    private static let limits = 1...1_000_000

    /// What is wrong with a number of calls that somebody wants listed; `nil` where nothing is.
    package static func mistake(inLimit limit: Int) -> String? {
        limits.contains(limit)
            ? nil : "--limit must be from \(limits.lowerBound) to \(limits.upperBound.grouped), not \(limit)"
    }

    /// Says that a list ends before its end.
    package static func more(than limit: Int) -> String {
        "There are more calls than \(limit.grouped); --limit lists up to \(limits.upperBound.grouped)."
    }

    /// A line for each call, under a line of titles; and one more that says so where there are more.
    ///
    /// - Parameters:
    ///   - found: The calls: one more than are listed, where there is one.
    ///   - limit: How many are listed.
    /// - Returns: The lines.
    package static func table(_ found: [CallSummary], limit: Int) -> String {
        guard !found.isEmpty else { return "No calls." }
        let calls = found.prefix(limit)
        let titles = ["ID", "STATE", "HOOK", "TARGET", "ACCEPTED", "TRIES", "LAST"]
        let rows =
            [titles]
            + calls.map { call in
                [
                    call.id, call.state.rawValue, call.hook, call.target.text, date(call.acceptedAt),
                    String(call.attempts), call.lastOutcome?.code ?? "-",
                ]
            }
        let widths = titles.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
                .trimmingCharacters(in: .whitespaces)
        }
        return (found.count > limit ? lines + [more(than: limit)] : lines).joined(separator: "\n")
    }

    /// Why a call has no payload any more; `nil` where it has one, or came without.
    package static func whyPayloadIsGone(_ call: CallDetail) -> String? {
        guard call.payload == nil, call.summary.state == .done else { return nil }
        return "\(call.summary.id) is done: the payload of a delivered call is gone"
    }

    /// A call and its attempts.
    package static func text(_ call: CallDetail) -> String {
        let summary = call.summary
        var lines = [
            "id           \(summary.id)",
            "state        \(summary.state.rawValue)",
            "hook         \(summary.hook)",
            "target       \(summary.target.text)",
            "sender's id  \(summary.deliveryId ?? "-")",
            "accepted     \(date(summary.acceptedAt))",
            "idempotent   \(summary.idempotent ? "yes" : "no")",
            "payload      \(summary.payloadBytes) bytes",
        ]
        if summary.state == .waiting { lines.append("due          \(date(summary.dueAt))") }
        for attempt in call.attempts {
            let outcome = attempt.outcome.map { "\($0.code) \($0.message)" } ?? "under way"
            lines.append("attempt \(attempt.number)    \(date(attempt.startedAt))  \(outcome)")
        }
        return lines.joined(separator: "\n")
    }

    /// A call as a JSON object.
    package static func json(_ call: CallSummary) -> String {
        var text = JSONText()
        text.object { $0.members(of: call) }
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// A call and its attempts as a JSON object.
    package static func json(_ call: CallDetail) -> String {
        var text = JSONText()
        text.object { text in
            text.members(of: call.summary)
            text.name("Tries")
            text.array { text in
                for attempt in call.attempts { text.object { $0.members(of: attempt) } }
            }
        }
        return String(decoding: text.bytes, as: UTF8.self)
    }

    /// UTC, to the second.
    private static func date(_ milliseconds: Int) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }
}

extension CallTarget {
    /// `default/hello`, or the address of a callback.
    var text: String {
        switch self {
        case .function(let target): "\(target.namespace ?? "default")/\(target.functionName)"
        case .callback(let url): url
        }
    }
}

extension JSONText {
    fileprivate mutating func members(of call: CallSummary) {
        member("Id", call.id)
        member("State", call.state.rawValue)
        member("Hook", call.hook)
        member("Target", call.target.text)
        if let id = call.deliveryId { member("DeliveryId", id) }
        member("AcceptedAt", call.acceptedAt)
        if call.state == .waiting { member("DueAt", call.dueAt) }
        member("Idempotent", call.idempotent)
        member("PayloadBytes", call.payloadBytes)
        member("Attempts", call.attempts)
        if let outcome = call.lastOutcome { members(of: outcome) }
    }

    fileprivate mutating func members(of attempt: Attempt) {
        member("Number", attempt.number)
        member("StartedAt", attempt.startedAt)
        if let ended = attempt.endedAt { member("EndedAt", ended) }
        if let outcome = attempt.outcome { members(of: outcome) }
    }

    fileprivate mutating func members(of outcome: AttemptOutcome) {
        member("Code", outcome.code)
        member("Message", outcome.message)
        member("FunctionRequestId", outcome.functionRequestId)
    }
}
