// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where things stand in a chart over time. Lengths are those of the SVG's own `viewBox`.
struct PlotArea {
    let width = 720.0
    let height = 250.0
    private let left = 76.0
    private let right = 12.0
    private let top = 12.0
    private let bottom = 34.0
    /// Pieces of time, from left to right.
    let pieces: Int

    var step: Double { (width - left - right) / Double(max(pieces, 1)) }
    var base: Double { height - bottom }

    /// The middle of a piece.
    func x(_ piece: Int) -> Double { left + step * (Double(piece) + 0.5) }

    /// A height from 0, the base, to 1.
    func y(_ part: Double) -> Double { base - part * (base - top) }

    /// What `chart-frame.mustache` draws: lines with their labels, and the labels of the time.
    func frame(lines: [(part: Double, label: String)], times: [String]) -> [String: any Sendable] {
        let every = max(1, (pieces + 5) / 6)
        return [
            "viewBox": "0 0 \(Self.text(width)) \(Self.text(height))",
            "left": Self.text(left), "right": Self.text(width - right), "labelX": Self.text(left - 8),
            "base": Self.text(base),
            "lines": lines.map { line in
                ["y": Self.text(y(line.part)), "labelY": Self.text(y(line.part) + 4), "label": line.label]
            },
            "times": stride(from: 0, to: times.count, by: every).map { piece in
                ["x": Self.text(x(piece)), "y": Self.text(height - 10), "label": times[piece]]
            },
        ]
    }

    /// A number with at most one decimal.
    static func text(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : String(Double(tenths) / 10)
    }
}

/// A scale from 0 to a round number.
struct LinearScale {
    private let step: Int
    private let top: Int

    /// Marks stand at 1, 2 or 5 times a power of ten, so that there are at most five.
    init(upTo largest: Int) {
        var (decade, factor) = (1, 1)
        while decade * factor * 5 < largest {
            factor = factor == 1 ? 2 : factor == 2 ? 5 : 1
            if factor == 1 { decade *= 10 }
        }
        step = decade * factor
        top = max(step, (largest + step - 1) / step * step)
    }

    func part(_ value: Int) -> Double { Double(value) / Double(top) }
    var marks: [Int] { Array(stride(from: 0, through: top, by: step)) }
}

/// A scale of decades: what takes ten times as long stands one step higher.
struct LogarithmicScale {
    private let lowest: Int
    private let highest: Int

    /// - Parameter range: In microseconds, from 1 on.
    init(_ range: ClosedRange<Int>) {
        lowest = Int(log10(Double(max(range.lowerBound, 1))).rounded(.down))
        highest = max(lowest + 1, Int(log10(Double(max(range.upperBound, 1))).rounded(.up)))
    }

    func part(_ value: Int) -> Double {
        (log10(Double(max(value, 1))) - Double(lowest)) / Double(highest - lowest)
    }

    var marks: [Int] { (lowest...highest).map { Int(pow(10, Double($0))) } }
}
