// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation

/// How long calls took, over time: half, nineteen of twenty, the longest. Each has a mark of its own shape and a line of its
/// own kind, besides its colour.
struct TimesChart {
    let pieces: [HistoryStatistics.Piece]
    /// The label of each piece.
    let labels: [String]
    let strings: [String: String]

    private struct Series: Sendable {
        let name: String
        let word: String
        let value: @Sendable (HistoryStatistics.Times) -> Int
    }

    private static let series = [
        Series(name: "longest", word: "statisticsLongest") { $0.longest },
        Series(name: "most", word: "statisticsMost") { $0.nineteenOfTwenty },
        Series(name: "half", word: "statisticsHalf") { $0.half },
    ]

    /// The context of `chart-times.mustache`; `nil` where there is nothing to draw.
    var context: [String: any Sendable]? {
        let times = pieces.compactMap(\.times)
        guard let shortest = times.map(\.half).min(), let longest = times.map(\.longest).max() else { return nil }
        let area = PlotArea(pieces: pieces.count)
        let scale = LogarithmicScale(shortest...longest)
        let count = times.reduce(0) { $0 + $1.calls }
        let lines = scale.marks.map { (part: scale.part($0), label: Self.duration($0)) }
        return [
            "frame": area.frame(lines: lines, times: labels),
            "description": (strings["statisticsTimesDescription"] ?? "")
                .replacingHashes(with: [count.grouped, Self.duration(longest)]),
            "series": Self.series.map { series($0, area, scale) },
            "rows": rows,
        ]
    }

    private func series(_ series: Series, _ area: PlotArea, _ scale: LogarithmicScale) -> [String: any Sendable] {
        var lines: [String] = []
        var marks: [[String: any Sendable]] = []
        var line = ""
        for (index, piece) in pieces.enumerated() {
            guard let times = piece.times else {
                // A line leads over no time without calls.
                lines.append(line)
                line = ""
                continue
            }
            let value = series.value(times)
            let (x, y) = (PlotArea.text(area.x(index)), PlotArea.text(area.y(scale.part(value))))
            line += "\(line.isEmpty ? "" : " ")\(x),\(y)"
            marks.append([
                "x": x, "y": y, "title": "\(labels[index]): \(strings[series.word] ?? "") \(Self.duration(value))",
            ])
        }
        lines.append(line)
        return [
            "name": series.name, "word": strings[series.word] ?? "", "lines": lines.filter { $0.contains(" ") },
            "marks": marks,
        ]
    }

    private var rows: [[String: any Sendable]] {
        zip(pieces, labels).compactMap { piece, label in
            piece.times.map { times in
                [
                    "label": label, "calls": times.calls.grouped, "half": Self.duration(times.half),
                    "most": Self.duration(times.nineteenOfTwenty), "longest": Self.duration(times.longest),
                ]
            }
        }
    }

    private static func duration(_ microseconds: Int) -> String {
        ReadableUnits.duration(milliseconds: Double(microseconds) / 1000)
    }
}
