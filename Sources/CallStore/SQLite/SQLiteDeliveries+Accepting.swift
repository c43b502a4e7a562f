// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteDeliveries {
    /// Stores a call and, with it, its sender's id.
    func accept(_ call: NewCall, as key: DeliveryKey?) async throws(StoreError) -> Acceptance {
        try await commits.perform { [limits, now] database in
            let time = now()
            if let key, let known = try KnownId.find(key, database, now: time) {
                guard known.digest == key.digest else { return .conflict }
                return known.callId.map { .known(callId: $0) } ?? .answeredAtOnce
            }
            let idBytes = key == nil ? 0 : Self.idBytes
            let bytes = Self.callBytes + (call.payload?.count ?? 0) + idBytes
            try Self.makeRoom(database, limits: limits, calls: 1, bytes: bytes)
            try Self.insert(call, deliveryId: key?.id, database, now: time)
            if let key { try KnownId.insert(key, callId: call.id, database, now: time) }
            return .stored
        }
    }

    /// Adds a call that is due now.
    static func insert(_ call: NewCall, deliveryId: String?, _ database: Database, now: Int) throws {
        var (function, url): (FunctionTarget?, String?)
        switch call.target {
        case .function(let target): function = target
        case .callback(let address): url = address
        }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO calls (id, hook, deliveryId, state, functionName, namespace, qualifier, region, routingKey,
                    invocationType, url, payload, idempotent, lane, callback, trace, accepted, since, noted, due,
                    bytes)
                VALUES (:id, :hook, :deliveryId, 'waiting', :functionName, :namespace, :qualifier, :region, :routingKey,
                    :invocationType, :url, :payload, :idempotent, :lane, :callback, :trace, :now, :now, :now, :now,
                    :bytes)
                """)
        try statement.execute(arguments: [
            "id": call.id, "hook": call.hook, "deliveryId": deliveryId, "functionName": function?.functionName,
            "namespace": function?.namespace, "qualifier": function?.qualifier, "region": function?.region,
            "routingKey": function?.routingKey, "invocationType": function?.invocationType, "url": url,
            "payload": call.payload.map(Blob.init), "idempotent": call.idempotent, "lane": call.lane,
            "callback": call.callback, "trace": call.trace, "now": now, "bytes": callBytes + (call.payload?.count ?? 0),
        ])
    }
}

/// A row of the table `ids`.
struct KnownId {
    let number: Int64
    let digest: [UInt8]
    let state: String
    let callId: String?
    let answer: StoredAnswer?

    /// What is known about a key; `nil` where it is new or its time is over.
    static func find(_ key: DeliveryKey, _ database: Database, now: Int) throws -> KnownId? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM ids WHERE scope = ? AND id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key.scope, key.id]) else { return nil }
        let known = KnownId(row)
        if row["expires"] > now || known.state == "running" { return known }
        try database.execute(sql: "DELETE FROM ids WHERE number = ?", arguments: [known.number])
        return nil
    }

    private init(_ row: Row) {
        number = row["number"]
        digest = Blob.bytes(row["digest"])
        state = row["state"]
        callId = row["callId"]
        answer = (row["status"] as Int?).map { status in
            StoredAnswer(
                status: status, headerLines: (row["header"] as String).split(separator: "\n").map(String.init),
                body: Blob.bytes(row["body"]))
        }
    }

    /// Remembers the key of a stored call.
    static func insert(_ key: DeliveryKey, callId: String, _ database: Database, now: Int) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO ids (scope, id, digest, state, callId, noted, expires, bytes)
                VALUES (?, ?, ?, 'stored', ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            key.scope, key.id, Blob(key.digest), callId, now, now + key.rememberSeconds * 1000,
            SQLiteDeliveries.idBytes,
        ])
    }
}
