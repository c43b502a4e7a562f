// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteHistory {
    /// Shares that are named; the others are counted together.
    private static let namedShares = 50

    /// Figures, from what was counted up when the calls were written.
    func statistics(
        _ filter: HistoryFilter, in window: HistoryWindow
    ) async throws(StoreError) -> HistoryStatistics {
        try await read { database in
            let query = StatisticsQuery(filter, in: window)
            let tallies = try Row.fetchAll(database, sql: query.tallies, arguments: query.arguments)
            return HistoryStatistics(
                pieces: Self.pieces(tallies, in: window),
                functions: try Self.shares(of: "namespace || '/' || functionName", query, database),
                callers: try Self.shares(of: "caller", query, database))
        }
    }

    private static func pieces(_ tallies: [Row], in window: HistoryWindow) -> [HistoryStatistics.Piece] {
        var pieces = (0..<window.pieces).map { HistoryStatistics.Piece(start: window.start + $0 * window.pieceLength) }
        var times = [TimeHistogram](repeating: TimeHistogram(), count: window.pieces)
        for tally in tallies {
            let index = ((tally["start"] as Int) - window.start) / window.pieceLength
            guard pieces.indices.contains(index) else { continue }
            let outcome = HistoryOutcome(rawValue: tally["outcome"]) ?? .unknown
            pieces[index].outcomes[outcome, default: 0] += tally["calls"] as Int
            times[index].merge(TimeHistogram(bytes: Blob.bytes(tally["times"])))
        }
        for index in pieces.indices { pieces[index].times = HistoryStatistics.Times(times[index]) }
        return pieces
    }

    private static func shares(
        of name: String, _ query: StatisticsQuery, _ database: Database
    ) throws -> [HistoryStatistics.Share] {
        let rows = try Row.fetchAll(database, sql: query.shares(of: name), arguments: query.arguments)
        var shares = rows.map(HistoryStatistics.Share.init)
        guard shares.count > namedShares else { return shares }
        let others = shares[namedShares...].reduce(into: HistoryStatistics.Share(name: "…")) { sum, share in
            sum.calls += share.calls
            sum.failed += share.failed
            sum.billDuration = min(sum.billDuration + share.billDuration, Tally.most)
            sum.bySize = min(sum.bySize + share.bySize, Tally.most)
            sum.byUsage = min(sum.byUsage + share.byUsage, Tally.most)
        }
        shares.removeSubrange(namedShares...)
        return shares + [others]
    }
}

/// The SQL of the statistics: each reads the tallies of one level in one stretch of time.
struct StatisticsQuery {
    let arguments: StatementArguments
    private let source: String

    init(_ filter: HistoryFilter, in window: HistoryWindow) {
        var arguments: StatementArguments = ["level": window.level.length, "start": window.start, "end": window.end]
        for (name, value) in filter.kindConditions { arguments += [name: value] }
        self.arguments = arguments
        source = """
            FROM tallies CROSS JOIN kinds ON kinds.kind = tallies.kind
            WHERE level = :level AND start >= :start AND start < :end
            """ + filter.kindConditions.map { " AND kinds.\($0.name) = :\($0.name)" }.joined()
    }

    /// What was counted up, kind by kind.
    var tallies: String { "SELECT start, outcome, calls, times \(source)" }

    /// What each name has used.
    func shares(of name: String) -> String {
        """
        SELECT \(name) AS name, sum(calls) AS calls, sum(calls * (outcome = 'failed')) AS failed,
            total(billDuration) AS billDuration, total(bySize) AS bySize, total(byUsage) AS byUsage
        \(source) AND outcome IN ('ok', 'failed', 'unknown') GROUP BY 1
        ORDER BY total(bySize + byUsage) DESC, sum(calls) DESC, 1
        """
    }
}

extension HistoryStatistics.Share {
    /// `total` adds floating-point numbers, where `sum` fails at the sum that no longer fits.
    private static func whole(_ total: Double) -> Int { Int(min(total, Double(Tally.most))) }

    fileprivate init(_ row: Row) {
        self.init(
            name: row["name"], calls: row["calls"], failed: row["failed"],
            billDuration: Self.whole(row["billDuration"]),
            bySize: Self.whole(row["bySize"]), byUsage: Self.whole(row["byUsage"]))
    }
}
