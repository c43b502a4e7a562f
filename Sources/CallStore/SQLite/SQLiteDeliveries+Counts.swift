// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteDeliveries {
    /// How much there is: one row that triggers keep right, and a look at the first entry of two indices.
    func counts() async throws(StoreError) -> QueueCounts {
        try await read { [now, limits] database in
            guard let usage = try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM usage")) else {
                throw StoreError.unavailable("the table 'usage' is empty")
            }
            var counts = QueueCounts()
            counts.functions.waiting = usage["waitingFunctions"]
            counts.functions.running = usage["runningFunctions"]
            counts.functions.oldestAge = try Self.oldestAge("IS NULL", database, now: now())
            counts.callbacks.waiting = usage["waitingCallbacks"]
            counts.callbacks.running = usage["runningCallbacks"]
            counts.callbacks.oldestAge = try Self.oldestAge("IS NOT NULL", database, now: now())
            counts.dead = usage["deadCalls"]
            counts.unknown = usage["unknownCalls"]
            counts.bytes = usage["bytes"]
            counts.maximumBytes = limits.bytes
            return counts
        }
    }

    /// The age of the oldest call that waits; `url` tells functions, which have none, from results on their way.
    private static func oldestAge(_ url: String, _ database: Database, now: Int) throws -> Duration? {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT accepted FROM calls WHERE state = 'waiting' AND url \(url) ORDER BY place LIMIT 1")
        ).map { .milliseconds(max(0, now - $0)) }
    }
}
