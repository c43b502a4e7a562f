// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite
import Testing

@testable import CallStore

/// What a list or a chart costs does not depend on how many calls are kept: counted in steps of SQLite's machine, and read
/// from its plans.
@Suite struct HistoryPlanTests {
    static let start = 1_700_000_000_000
    static let filters: [HistoryFilter] = [
        HistoryFilter(), .with { $0.caller = "bob" }, .with { $0.outcome = .failed },
        .with {
            $0.functionName = "hello"; $0.outcome = .ok
        }, .with { $0.from = start },
        .with {
            $0.outcome = .failed; $0.to = start + 40_000_000
        },
        .with { $0.idPrefix = "id-777" },
    ]

    /// A history with so many calls, one of a hundred failed and one of a hundred by Bob.
    private static func history(of count: Int, in files: TemporaryStore) async throws -> SQLiteHistory {
        let history = try files.history()
        let calls = (0..<count).map { number in
            HistoryDetail.hello(
                "id-\(number)", at: start + number * 5000, outcome: number % 100 == 7 ? .failed : .ok,
                caller: number % 100 == 3 ? "bob" : "ann", milliseconds: number % 500 + 1)
        }
        try await history.add(calls)
        return history
    }

    private static func queries(_ filter: HistoryFilter) -> [(name: String, sql: String, arguments: StatementArguments)]
    {
        let place = HistoryPlace(beganAt: start + 45_000_000, number: 9000)
        let first = HistoryQuery(filter, after: nil, limit: 51)
        let next = HistoryQuery(filter, after: place, limit: 51)
        let window = HistoryWindow(.hour, pieces: 24, endingAt: start + 50_000_000)
        let figures = StatisticsQuery(filter, in: window)
        return [
            ("list", first.sql, first.arguments), ("next page", next.sql, next.arguments),
            ("chart", figures.tallies, figures.arguments),
            ("cost", figures.shares(of: "caller"), figures.arguments),
        ]
    }

    @Test(arguments: filters) func noQueryScansCalls(filter: HistoryFilter) async throws {
        let files = try TemporaryStore()
        let history = try await Self.history(of: 10, in: files)
        for query in Self.queries(filter) {
            let plan = try await history.read { database in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + query.sql, arguments: query.arguments)
                    .map { $0["detail"] as String }
            }
            // Kinds are few, whatever happens. A walk along the index of time is what the list is, and it ends when the
            // page is full. Of ids that begin alike so many are looked at and no more: that is a subquery.
            let walks = plan.filter { step in
                step.hasPrefix("SCAN") && !step.hasPrefix("SCAN kinds") && step != "SCAN call USING INDEX callsByTime"
                    && !step.hasPrefix("SCAN (subquery-")
            }
            #expect(walks.isEmpty, "\(query.name): \(plan)")
            if query.name != "chart", query.name != "cost", filter.kindConditions.isEmpty, filter.idPrefix == nil {
                #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(query.name) sorts: \(plan)")
            }
        }
    }

    /// Whoever asks for fifty calls has fifty calls' worth of work done, with ten calls kept or ten thousand.
    @Test(arguments: filters) func tenThousandCallsCostWhatTenDo(filter: HistoryFilter) async throws {
        let (few, many) = (try TemporaryStore(), try TemporaryStore())
        let small = try await Self.history(of: 10, in: few)
        let large = try await Self.history(of: 10_000, in: many)
        for query in Self.queries(filter) {
            let costs = try await (
                Self.steps(query.sql, query.arguments, small), Self.steps(query.sql, query.arguments, large)
            )
            // 51 calls, or 24 hours of three kinds, are read at the most. Costs are added up to fewer rows than are read.
            for cost in [costs.0, costs.1] {
                let read = query.name == "cost" ? 72 : cost.rows
                #expect(cost.steps < 100 * read + 500, "\(query.name): \(costs)")
                #expect(cost.rows <= 72, "\(query.name): \(costs)")
            }
        }
    }

    /// Steps of SQLite's machine that a query takes, and rows that it gives.
    private static func steps(
        _ sql: String, _ arguments: StatementArguments, _ history: SQLiteHistory
    ) async throws -> (steps: Int, rows: Int) {
        try await history.read { database in
            let statement = try database.makeStatement(sql: sql)
            let rows = try Row.fetchAll(statement, arguments: arguments).count
            return (Int(sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_VM_STEP, 0)), rows)
        }
    }
}
