// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteDeliveries {
    /// Calls, the oldest first.
    func calls(in states: [CallState], after place: Int64, limit: Int) async throws(StoreError) -> [CallSummary] {
        try await read { database in
            let marks = databaseQuestionMarks(count: states.count)
            let arguments = StatementArguments(states.map(\.rawValue)) + [place, limit]
            return try Row.fetchAll(
                database,
                sql: Self.summaries + " WHERE call.state IN (\(marks)) AND call.place > ? ORDER BY call.place LIMIT ?",
                arguments: arguments
            ).map(CallSummary.init)
        }
    }

    /// A call with its attempts and payload.
    func call(_ id: String) async throws(StoreError) -> CallDetail? {
        try await read { database in
            let row = try Row.fetchOne(database, sql: Self.summaries + " WHERE call.id = ?", arguments: [id])
            guard let row else { return nil }
            let summary = CallSummary(row)
            let attempts = try Row.fetchAll(
                database, sql: "SELECT * FROM attempts WHERE place = ? ORDER BY number", arguments: [summary.place])
            let payload = try Blob.fetchOne(
                database, sql: "SELECT payload FROM calls WHERE place = ?", arguments: [summary.place])
            return CallDetail(
                summary: summary, attempts: attempts.map(Attempt.init), payload: payload.map { Array($0.data) })
        }
    }

    /// Makes a call due now.
    func retry(_ id: String) async throws(StoreError) -> HandResult {
        try await commits.perform { [now] database in
            let state = try Self.state(of: id, database)
            guard let state else { return .noSuchCall }
            guard [.waiting, .dead, .unknown].contains(state) else { return .notPossible(state) }
            try database.execute(
                sql: """
                    UPDATE calls SET state = 'waiting', since = :now, noted = :now, due = :now, attemptsInRow = 0
                    WHERE id = :id
                    """, arguments: ["now": now(), "id": id])
            return .done
        }
    }

    /// Removes a call.
    func drop(_ id: String) async throws(StoreError) -> HandResult {
        try await commits.perform { database in
            guard let state = try Self.state(of: id, database) else { return .noSuchCall }
            guard state != .running else { return .notPossible(state) }
            // The sender's id stays known: it shall not come in again.
            try database.execute(sql: "DELETE FROM calls WHERE id = ?", arguments: [id])
            return .done
        }
    }

    /// Forgets what is old, at most a thousand of a kind at once.
    func expire() async throws(StoreError) -> [CallSummary] {
        try await commits.perform { [now, limits] database in
            let time = now()
            try database.execute(
                sql: """
                    DELETE FROM ids WHERE number IN
                        (SELECT number FROM ids WHERE expires <= ? AND state <> 'running' LIMIT 1000)
                    """, arguments: [time])
            let old = try Row.fetchAll(
                database,
                sql: Self.summaries
                    + " WHERE call.state IN ('done', 'dead', 'unknown') AND call.noted <= ? LIMIT 1000",
                arguments: [time - limits.keepDays * 86_400_000]
            ).map(CallSummary.init)
            for call in old {
                try database.cachedStatement(sql: "DELETE FROM calls WHERE place = ?").execute(arguments: [call.place])
            }
            return old.filter { $0.state != .done }
        }
    }

    /// Reads, and waits for nobody who writes.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await database.read(body) } catch { throw StoreError(error) }
    }

    private static func state(of id: String, _ database: Database) throws -> CallState? {
        try String.fetchOne(database, sql: "SELECT state FROM calls WHERE id = ?", arguments: [id])
            .flatMap(CallState.init)
    }

    private static let summaries = """
        SELECT call.place, call.id, hook, deliveryId, state, functionName, namespace, qualifier, region, routingKey,
            invocationType, url, accepted, due, attempts, idempotent, coalesce(length(payload), 0) AS payloadBytes,
            last.code, last.message, last.functionRequestId
        FROM calls AS call LEFT JOIN attempts AS last ON last.place = call.place AND last.number =
            (SELECT max(number) FROM attempts WHERE place = call.place AND ended IS NOT NULL)
        """
}

extension CallSummary {
    fileprivate init(_ row: Row) {
        place = row["place"]
        id = row["id"]
        hook = row["hook"]
        deliveryId = row["deliveryId"]
        target = CallTarget(row)
        state = CallState(rawValue: row["state"]) ?? .unknown
        acceptedAt = row["accepted"]
        dueAt = row["due"]
        attempts = row["attempts"]
        lastOutcome = AttemptOutcome(row)
        idempotent = row["idempotent"]
        payloadBytes = row["payloadBytes"]
    }
}

extension Attempt {
    fileprivate init(_ row: Row) {
        number = row["number"]
        startedAt = row["started"]
        endedAt = row["ended"]
        outcome = AttemptOutcome(row)
    }
}

extension AttemptOutcome {
    fileprivate init?(_ row: Row) {
        guard let code = row["code"] as String? else { return nil }
        self.init(code: code, message: row["message"] ?? "", functionRequestId: row["functionRequestId"] ?? "")
    }
}
