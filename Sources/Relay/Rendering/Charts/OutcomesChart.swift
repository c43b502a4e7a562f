// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation

/// How calls went, over time: bars of stacked outcomes, each with a pattern of its own besides its colour.
struct OutcomesChart {
    let pieces: [HistoryStatistics.Piece]
    /// The label of each piece.
    let labels: [String]
    let strings: [String: String]

    /// From the base up.
    private static let order: [HistoryOutcome] = [.ok, .accepted, .repeated, .failed, .unknown, .refused]

    /// The context of `chart-outcomes.mustache`; `nil` where there is nothing to draw.
    var context: [String: any Sendable]? {
        let totals = pieces.reduce(into: [HistoryOutcome: Int]()) { $0.merge($1.outcomes) { $0 + $1 } }
        let all = totals.values.reduce(0, +)
        guard all > 0 else { return nil }
        let area = PlotArea(pieces: pieces.count)
        let scale = LinearScale(upTo: pieces.map { $0.outcomes.values.reduce(0, +) }.max() ?? 1)
        let lines = scale.marks.map { (part: scale.part($0), label: $0.grouped) }
        let shares = Self.order.compactMap { outcome in totals[outcome].map { share(outcome, $0, of: all) } }
        let words = shares.map { "\($0["word"] ?? "") \($0["calls"] ?? "") (\($0["percent"] ?? ""))" }
        return [
            "frame": area.frame(lines: lines, times: labels),
            "description": (strings["statisticsOutcomesDescription"] ?? "")
                .replacingHashes(with: [all.grouped, words.joined(separator: ", ")]),
            "bars": pieces.indices.flatMap { bars($0, area, scale) },
            "shares": shares,
            "columns": Self.order.filter { totals[$0] != nil }.map { HistoryWords.outcome($0, strings) },
            "rows": rows(totals),
        ]
    }

    private func bars(_ index: Int, _ area: PlotArea, _ scale: LinearScale) -> [[String: any Sendable]] {
        let width = area.step * 0.72
        var below = 0
        return Self.order.compactMap { outcome in
            guard let calls = pieces[index].outcomes[outcome] else { return nil }
            let (bottom, top) = (area.y(scale.part(below)), area.y(scale.part(below + calls)))
            below += calls
            return [
                "outcome": outcome.rawValue, "x": PlotArea.text(area.x(index) - width / 2), "y": PlotArea.text(top),
                "width": PlotArea.text(width), "height": PlotArea.text(bottom - top),
                "title": "\(labels[index]): \(HistoryWords.outcome(outcome, strings)) \(calls.grouped)",
            ]
        }
    }

    private func share(_ outcome: HistoryOutcome, _ calls: Int, of all: Int) -> [String: String] {
        let tenths = (calls * 2000 + all) / (2 * all)
        return [
            "outcome": outcome.rawValue, "word": HistoryWords.outcome(outcome, strings), "calls": calls.grouped,
            "percent": "\(tenths / 10).\(tenths % 10) %",
        ]
    }

    private func rows(_ totals: [HistoryOutcome: Int]) -> [[String: any Sendable]] {
        zip(pieces, labels).compactMap { piece, label in
            guard !piece.outcomes.isEmpty else { return nil }
            return [
                "label": label,
                "cells": Self.order.filter { totals[$0] != nil }.map { (piece.outcomes[$0] ?? 0).grouped },
            ]
        }
    }
}
