// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation

/// What functions, or callers, have used: a bar for each, the dearest first.
struct CostChart {
    let name: String
    let title: String
    let shares: [HistoryStatistics.Share]
    let strings: [String: String]

    private static let bars = 8
    private static let width = 480.0
    private static let rowHeight = 46.0

    /// The context of `chart-cost.mustache`; `nil` where there is nothing to draw.
    var context: [String: any Sendable]? {
        let total = shares.reduce(0) { $0 + $1.gigabyteSeconds }
        guard total > 0, let largest = shares.map(\.gigabyteSeconds).max() else { return nil }
        let shown = shares.prefix(Self.bars).filter { $0.gigabyteSeconds > 0 }
        let bars = shown.enumerated().map { index, share in
            let top = Double(index) * Self.rowHeight
            return [
                "label": Self.shortened(share.name), "value": Self.text(share.gigabyteSeconds),
                "textY": PlotArea.text(top + 16), "y": PlotArea.text(top + 23),
                "width": PlotArea.text(max(2, share.gigabyteSeconds / largest * Self.width)),
                "byUsageWidth": PlotArea.text(
                    Double(share.byUsage) / 1_024_000 / largest * Self.width),
                "byUsageX": PlotArea.text(Double(share.bySize) / 1_024_000 / largest * Self.width),
            ] as [String: any Sendable]
        }
        return [
            "name": name, "title": title,
            "description": (strings["statisticsCostDescription"] ?? "").replacingHashes(with: [Self.text(total)]),
            "viewBox": "0 0 \(PlotArea.text(Self.width)) \(PlotArea.text(Double(shown.count) * Self.rowHeight))",
            "bars": bars, "rows": shares.map(row),
        ]
    }

    private func row(_ share: HistoryStatistics.Share) -> [String: any Sendable] {
        [
            "label": share.name, "calls": share.calls.grouped, "failed": share.failed.grouped,
            "billed": ReadableUnits.duration(milliseconds: Double(share.billDuration)),
            "cost": Self.text(share.gigabyteSeconds), "byUsage": Self.text(Double(share.byUsage) / 1_024_000),
        ]
    }

    /// A name that fits beside its value; the table has it whole.
    private static func shortened(_ name: String) -> String {
        name.unicodeScalars.count <= 40 ? name : String(String.UnicodeScalarView(name.unicodeScalars.prefix(39))) + "…"
    }

    /// GB·s with what matters of their decimals.
    static func text(_ value: Double) -> String {
        let places = value >= 100 ? 0 : value >= 1 ? 2 : 4
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        guard places > 0 else { return scaled.grouped }
        let fraction = String(scaled % Int(scale) + Int(scale)).dropFirst()
        return "\((scaled / Int(scale)).grouped).\(fraction)"
    }
}
