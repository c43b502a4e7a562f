// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteDeliveries {
    /// Claims calls that are due, the oldest first.
    func claim(_ kind: CallTarget.Kind, upTo count: Int) async throws(StoreError) -> [ClaimedCall] {
        try await commits.perform { [now, owner = owners.owner] database in
            let time = now()
            let due = try Row.fetchAll(
                database.cachedStatement(sql: Self.dueCalls(kind)), arguments: ["now": time, "count": count])
            return try due.map { row in
                try Self.beginAttempt(row, owner: owner, database, now: time)
                return ClaimedCall(row, now: time)
            }
        }
    }

    /// Of each lane only the oldest call that is not settled.
    private static func dueCalls(_ kind: CallTarget.Kind) -> String {
        """
        SELECT * FROM calls AS call
        WHERE state = 'waiting' AND url \(kind == .function ? "IS NULL" : "IS NOT NULL") AND due <= :now
            AND (lane IS NULL OR NOT EXISTS (
                SELECT 1 FROM calls AS earlier
                WHERE earlier.lane = call.lane AND earlier.place < call.place AND earlier.state IN ('waiting', 'running')))
        ORDER BY place LIMIT :count
        """
    }

    private static func beginAttempt(_ row: Row, owner: Int64, _ database: Database, now: Int) throws {
        let place: Int64 = row["place"]
        try database.cachedStatement(
            sql: """
                UPDATE calls SET state = 'running', owner = :owner, noted = :now, attempts = attempts + 1,
                    attemptsInRow = attemptsInRow + 1, bytes = bytes + :bytes
                WHERE place = :place
                """
        ).execute(arguments: ["owner": owner, "now": now, "bytes": attemptBytes, "place": place])
        try database.cachedStatement(sql: "INSERT INTO attempts (place, number, started) VALUES (?, ?, ?)")
            .execute(arguments: [place, (row["attempts"] as Int) + 1, now])
    }

    /// Ends a claim of this relay.
    func finish(_ claim: ClaimedCall, _ ending: AttemptEnding) async throws(StoreError) {
        try await commits.perform { [now, owner = owners.owner] database in
            let time = now()
            let place = try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT place FROM calls WHERE id = ? AND owner = ?"),
                arguments: [claim.call.id, owner])
            // Somebody took this relay for dead and has settled the call.
            guard let place else { return }
            try Self.endAttempt(place, ending.outcome, database, now: time)
            switch ending {
            case .again(_, let pause):
                try Self.settle(place, .waiting, due: time + pause.milliseconds, database, now: time)
            case .done(_, let next), .dead(_, let next):
                try Self.settle(place, ending.state, due: time, database, now: time)
                if let next { try Self.insert(next, deliveryId: nil, database, now: time) }
            case .unknown: try Self.settle(place, .unknown, due: time, database, now: time)
            }
        }
    }

    static func endAttempt(_ place: Int64, _ outcome: AttemptOutcome, _ database: Database, now: Int) throws {
        try database.cachedStatement(
            sql: """
                UPDATE attempts SET ended = ?, code = ?, message = ?, functionRequestId = ?
                WHERE place = ? AND ended IS NULL
                """
        ).execute(arguments: [now, outcome.code, outcome.message, outcome.functionRequestId, place])
    }

    /// Ends a claim. What was delivered needs its payload no more.
    static func settle(_ place: Int64, _ state: CallState, due: Int, _ database: Database, now: Int) throws {
        let removal = state == .done ? ", payload = NULL, bytes = bytes - coalesce(length(payload), 0)" : ""
        try database.cachedStatement(
            sql: "UPDATE calls SET state = ?, owner = NULL, noted = ?, due = ?\(removal) WHERE place = ?"
        ).execute(arguments: [state.rawValue, now, due, place])
    }
}

extension SQLiteDeliveries {
    /// Settles what relays had begun whose lock is gone.
    func settleAbandoned() async throws(StoreError) -> [Abandoned] {
        try await commits.perform { [now, owners] database in
            let gone = try Int64.fetchAll(
                database,
                sql: """
                    SELECT owner FROM calls WHERE state = 'running'
                    UNION SELECT owner FROM ids WHERE state = 'running'
                    """
            ).filter(owners.isGone)
            return try gone.flatMap { owner in
                try Self.settleIds(of: owner, database, now: now())
                return try Self.settleCalls(of: owner, database, now: now())
            }
        }
    }

    private static func settleCalls(of owner: Int64, _ database: Database, now: Int) throws -> [Abandoned] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT place, id, idempotent FROM calls WHERE owner = ? ORDER BY place", arguments: [owner])
        return try rows.map { row in
            let state: CallState = row["idempotent"] ? .waiting : .unknown
            let place: Int64 = row["place"]
            try endAttempt(place, .relayStopped, database, now: now)
            try settle(place, state, due: now, database, now: now)
            return Abandoned(id: row["id"], state: state)
        }
    }

    private static func settleIds(of owner: Int64, _ database: Database, now: Int) throws {
        try database.execute(sql: "DELETE FROM ids WHERE owner = ? AND idempotent", arguments: [owner])
        try database.execute(
            sql: "UPDATE ids SET state = 'unknown', owner = NULL WHERE owner = ?", arguments: [owner])
    }
}

extension AttemptOutcome {
    /// How an attempt went whose relay is gone.
    static let relayStopped = AttemptOutcome(
        code: "RelayStopped", message: "The relay ended during this attempt: the call may have been delivered.")
}

extension AttemptEnding {
    /// How the attempt went.
    public var outcome: AttemptOutcome {
        switch self {
        case .done(let outcome, _), .again(let outcome, _), .dead(let outcome, _), .unknown(let outcome): outcome
        }
    }

    /// What the call is from then on.
    public var state: CallState {
        switch self {
        case .done: .done
        case .again: .waiting
        case .dead: .dead
        case .unknown: .unknown
        }
    }
}

extension ClaimedCall {
    fileprivate init(_ row: Row, now: Int) {
        call = NewCall(row)
        attempt = (row["attempts"] as Int) + 1
        attemptInRow = (row["attemptsInRow"] as Int) + 1
        age = .milliseconds(max(0, now - (row["since"] as Int)))
    }
}

extension NewCall {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"], hook: row["hook"], target: CallTarget(row),
            payload: (row["payload"] as Blob?).map { Array($0.data) }, idempotent: row["idempotent"], lane: row["lane"],
            callback: row["callback"], trace: row["trace"])
    }
}

extension CallTarget {
    init(_ row: Row) {
        if let url = row["url"] as String? {
            self = .callback(url: url)
            return
        }
        self = .function(
            FunctionTarget(
                functionName: row["functionName"], namespace: row["namespace"], qualifier: row["qualifier"],
                region: row["region"], routingKey: row["routingKey"], invocationType: row["invocationType"]))
    }
}

extension Duration {
    /// Whole milliseconds.
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
