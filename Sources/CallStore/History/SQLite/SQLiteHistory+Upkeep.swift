// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteHistory {
    /// Calls that one transaction removes: others who write wait for no more than that.
    static let removedAtOnce = 200

    /// Removes the oldest calls, as many as one transaction may, where there is more than may be kept.
    ///
    /// - Returns: Whether there is still more.
    static func removeSome(beyond limits: HistoryLimits, _ database: Database) throws -> Bool {
        let tooMany = try Int.fetchOne(database.cachedStatement(sql: "SELECT calls FROM usage")).map {
            $0 - limits.calls
        }
        let count =
            try bytesInUse(database) > limits.bytes ? removedAtOnce : min(max(0, tooMany ?? 0), removedAtOnce)
        guard count > 0 else { return false }
        try removeOldest(count, database)
        // A file with nothing left to remove is as small as it gets.
        guard database.changesCount > 0 else { return false }
        return try (tooMany ?? 0) > count || bytesInUse(database) > limits.bytes
    }

    private static func removeOldest(_ count: Int, _ database: Database) throws {
        try database.cachedStatement(
            sql: "DELETE FROM calls WHERE place IN (SELECT place FROM calls ORDER BY began LIMIT ?)"
        ).execute(arguments: [count])
    }

    /// Of the file, as it is in this transaction.
    private static func bytesInUse(_ database: Database) throws -> Int {
        func value(_ pragma: String) throws -> Int { try Int.fetchOne(database, sql: "PRAGMA \(pragma)") ?? 0 }
        return try (value("page_count") - value("freelist_count")) * value("page_size")
    }

    /// Removes what is too old, at most so much at once that nobody waits for long, and gives room back to the disk.
    func expire() async throws(StoreError) {
        try await write { [limits, now] database, owners in
            let time = now()
            let oldest = time - limits.keepDays * HistoryWindow.Level.day.length
            try Self.settleAbandoned(owners, at: time, database)
            try database.execute(
                sql: "DELETE FROM calls WHERE place IN (SELECT place FROM calls WHERE began < ? LIMIT 5000)",
                arguments: [oldest])
            for level in HistoryWindow.Level.allCases {
                let start = max(oldest, time - Self.kept(level))
                try database.execute(
                    sql: "DELETE FROM tallies WHERE level = ? AND start < ?", arguments: [level.length, start])
            }
            try database.execute(sql: "DELETE FROM gaps WHERE until < ?", arguments: [oldest])
            try Self.removeUnusedKinds(database)
            try database.execute(sql: "PRAGMA incremental_vacuum(2000)")
        }
    }

    /// This relay ends.
    func close() async throws(StoreError) {
        try await write { [now] database, owners in
            try Self.settle(owner: owners.owner, at: now(), database)
        }
    }

    /// How long fine pieces are kept; each level's are for stretches that the next one would show too coarsely.
    private static func kept(_ level: HistoryWindow.Level) -> Int {
        switch level {
        case .minutes: 2 * HistoryWindow.Level.day.length
        case .hour: 15 * HistoryWindow.Level.day.length
        case .day: .max
        }
    }

    private static func removeUnusedKinds(_ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM kinds WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.kind = kinds.kind)
                    AND NOT EXISTS (SELECT 1 FROM tallies WHERE tallies.kind = kinds.kind)
                """)
    }
}

// MARK: - Calls whose relay is gone

extension SQLiteHistory {
    /// A relay that ended without a word may also have had calls that were not written yet: that is said.
    private static func settleAbandoned(_ owners: OwnerLock, at time: Int, _ database: Database) throws {
        let running = try Int64.fetchAll(database, sql: "SELECT DISTINCT owner FROM calls WHERE owner IS NOT NULL")
        for owner in running where owners.isGone(owner) {
            let since = try Int.fetchOne(
                database, sql: "SELECT min(began) FROM calls WHERE owner = ?", arguments: [owner])
            try note(
                HistoryGap(
                    since: since ?? time, until: time, calls: nil,
                    reason: "A relay ended during calls. Others that ended then may be missing."), database)
            try settle(owner: owner, at: time, database)
        }
    }

    private static func settle(owner: Int64, at time: Int, _ database: Database) throws {
        let rows = try Row.fetchAll(
            database, sql: summaries + " WHERE call.owner = ?", arguments: [owner])
        var kinds = Kinds(database)
        var tally = Tally()
        for row in rows {
            var call = HistoryCall(row)
            call.outcome = .unknown
            call.code = stopped.code
            let kind = try kinds.number(of: call)
            tally.count(call, kind: kind)
            try database.execute(
                sql: "UPDATE calls SET owner = NULL, kind = ?, status = 0, message = ? WHERE place = ?",
                arguments: [kind, stopped.message, row["place"] as Int64])
        }
        try tally.add(to: database)
    }

    private static let stopped = (
        code: "RelayStopped", message: "The relay ended during this call: the function may have run."
    )
}
