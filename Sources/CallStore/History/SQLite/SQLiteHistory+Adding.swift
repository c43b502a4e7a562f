// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteHistory {
    /// Adds calls, counts them up, and removes what would be too many: the first of them with what is added, and where much
    /// is to go, because less may be kept than before, the others in transactions of their own.
    func add(_ calls: [HistoryDetail], missing gap: HistoryGap?) async throws(StoreError) {
        var isOver = try await write { [limits] database, owners in
            var kinds = Kinds(database)
            var tally = Tally()
            for detail in calls {
                let kind = try kinds.number(of: detail.call)
                try Self.put(detail, kind: kind, owner: owners.owner, database)
                if detail.call.outcome != .running { tally.count(detail.call, kind: kind) }
            }
            try tally.add(to: database)
            if let gap { try Self.note(gap, database) }
            return try Self.removeSome(beyond: limits, database)
        }
        // The calls are added: what cannot be removed now is removed with the next.
        while isOver {
            isOver =
                (try? await write { [limits] database, _ in try Self.removeSome(beyond: limits, database) }) ?? false
        }
    }

    static func note(_ gap: HistoryGap, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO gaps (since, until, calls, reason) VALUES (?, ?, ?, ?)",
            arguments: [gap.since, gap.until, gap.calls, gap.reason])
    }

    /// Adds a call, or what came of one that was added while it ran. Where somebody else's call has its id, it gets
    /// another: an id that a caller has chosen must not change what is noted of other calls.
    private static func put(_ detail: HistoryDetail, kind: Int64, owner: Int64, _ database: Database) throws {
        let call = detail.call
        for id in [call.id, call.requestId, nil] {
            let place = try put(call, as: id, kind: kind, owner: owner, database)
            guard let place else { continue }
            if let payload = detail.payload, payload != HistoryPayload() { try put(payload, at: place, database) }
            return
        }
    }

    /// - Returns: Its place; `nil` where the id is taken.
    private static func put(
        _ call: HistoryCall, as id: String?, kind: Int64, owner: Int64, _ database: Database
    ) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO calls (id, kind, began, qualifier, region, routingKey, invocationType, logType, hook, status,
                    message, note, microseconds, duration, billDuration, memUsage, memorySize, requestId, cloudRequestId,
                    functionRequestId, bytesIn, bytesOut, owner)
                VALUES (coalesce(:id, lower(hex(randomblob(16)))), :kind, :began, :qualifier, :region, :routingKey,
                    :invocationType, :logType, :hook, :status, :message, :note, :microseconds, :duration, :billDuration,
                    :memUsage, :memorySize, :requestId, :cloudRequestId, :functionRequestId, :bytesIn, :bytesOut, :owner)
                ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, status = excluded.status,
                    message = excluded.message, note = excluded.note, microseconds = excluded.microseconds,
                    duration = excluded.duration, billDuration = excluded.billDuration, memUsage = excluded.memUsage,
                    memorySize = excluded.memorySize, cloudRequestId = excluded.cloudRequestId,
                    functionRequestId = excluded.functionRequestId, bytesOut = excluded.bytesOut, owner = excluded.owner
                    WHERE owner = :self AND requestId = excluded.requestId
                RETURNING place
                """)
        return try Int64.fetchOne(
            statement,
            arguments: [
                "id": id, "kind": kind, "began": call.beganAt, "qualifier": call.qualifier, "region": call.region,
                "routingKey": call.routingKey, "invocationType": call.invocationType, "logType": call.logType,
                "hook": call.hook, "status": call.status, "message": call.message, "note": call.note,
                "microseconds": call.microseconds, "duration": call.duration, "billDuration": call.billDuration,
                "memUsage": call.memUsage, "memorySize": call.memorySize, "requestId": call.requestId,
                "cloudRequestId": call.cloudRequestId, "functionRequestId": call.functionRequestId,
                "bytesIn": call.bytesIn, "bytesOut": call.bytesOut,
                "owner": call.outcome == .running ? owner : nil, "self": owner,
            ])
    }

    private static func put(_ payload: HistoryPayload, at place: Int64, _ database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO payloads (place, clientContext, clientContextBytes, retMsg, retMsgBytes,
                    errMsg, errMsgBytes, log, logBytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var arguments: StatementArguments = [place]
        for text in [payload.clientContext, payload.retMsg, payload.errMsg, payload.log] {
            arguments += [text.map { Blob($0.text) }, text?.byteCount]
        }
        try statement.execute(arguments: arguments)
    }
}

// MARK: - Kinds

/// Numbers of kinds, looked up once for each transaction.
struct Kinds {
    /// More kinds than these there are only where strangers make up callers and functions. From there on theirs are
    /// counted together, so that what is looked at for a list stays bounded.
    private static let most = 4096
    private static let others = "(others)"

    private struct Key: Hashable {
        var door, caller, namespace, functionName, outcome, code: String
    }

    private let database: Database
    private var known: [Key: Int64] = [:]

    init(_ database: Database) {
        self.database = database
    }

    mutating func number(of call: HistoryCall) throws -> Int64 {
        let key = Key(
            door: call.door, caller: call.caller, namespace: call.namespace, functionName: call.functionName,
            outcome: call.outcome.rawValue, code: call.code)
        if let number = known[key] { return number }
        let number = try find(key) ?? add(key)
        known[key] = number
        return number
    }

    private func find(_ key: Key) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT kind FROM kinds WHERE door = ? AND caller = ? AND namespace = ? AND functionName = ?
                    AND outcome = ? AND code = ?
                """)
        return try Int64.fetchOne(
            statement, arguments: [key.door, key.caller, key.namespace, key.functionName, key.outcome, key.code])
    }

    private func add(_ key: Key) throws -> Int64 {
        var key = key
        if try Int.fetchOne(database, sql: "SELECT kinds FROM usage") ?? 0 >= Self.most {
            (key.caller, key.namespace, key.functionName) = (Self.others, "", Self.others)
            if let number = try find(key) { return number }
        }
        try database.execute(
            sql: "INSERT INTO kinds (door, caller, namespace, functionName, outcome, code) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [key.door, key.caller, key.namespace, key.functionName, key.outcome, key.code])
        return database.lastInsertedRowID
    }
}
