// SPDX-License-Identifier: Apache-2.0

import GRDB

extension SQLiteDeliveries {
    /// Notes that a delivery is being answered, unless its key is known.
    func begin(_ key: DeliveryKey, idempotent: Bool) async throws(StoreError) -> Beginning {
        try await commits.perform { [limits, now, owner = owners.owner] database in
            let time = now()
            if let known = try KnownId.find(key, database, now: time) { return known.beginning(for: key) }
            guard try Self.hasRoom(database, limits: limits, forAnswer: Self.idBytes) else { throw StoreError.full }
            try Self.makeRoom(database, limits: limits, calls: 0, bytes: Self.idBytes)
            let statement = try database.cachedStatement(
                sql: """
                    INSERT INTO ids (scope, id, digest, state, idempotent, noted, expires, owner, bytes)
                    VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?)
                    """)
            try statement.execute(arguments: [
                key.scope, key.id, Blob(key.digest), idempotent, time, time + key.rememberSeconds * 1000, owner,
                Self.idBytes,
            ])
            return .begun
        }
    }

    /// Notes how a delivery was answered.
    func end(_ key: DeliveryKey, _ ending: AnswerEnding) async throws(StoreError) {
        try await commits.perform { [limits, now, owner = owners.owner] database in
            // The time to remember counts from the answer.
            let expires = now() + key.rememberSeconds * 1000
            let place: StatementArguments = ["scope": key.scope, "id": key.id, "owner": owner]
            let mine = "WHERE scope = :scope AND id = :id AND owner = :owner"
            var ending = ending
            // It has run, and must not run again: without its answer nobody can be told more than that.
            if case .answered(let answer) = ending,
                try !Self.hasRoom(database, limits: limits, forAnswer: answer.byteCount)
            {
                ending = .unknown
            }
            switch ending {
            case .forgotten: try database.cachedStatement(sql: "DELETE FROM ids \(mine)").execute(arguments: place)
            case .unknown:
                try database.cachedStatement(
                    sql: "UPDATE ids SET state = 'unknown', owner = NULL, noted = :now, expires = :expires \(mine)"
                ).execute(arguments: place + ["now": now(), "expires": expires])
            case .answered(let answer):
                try database.cachedStatement(
                    sql: """
                        UPDATE ids SET state = 'answered', owner = NULL, status = :status, header = :header, body = :body,
                            noted = :now, expires = :expires, bytes = bytes + :bytes \(mine)
                        """
                ).execute(
                    arguments: place + [
                        "status": answer.status, "header": answer.headerLines.joined(separator: "\n"),
                        "body": Blob(answer.body), "now": now(), "expires": expires, "bytes": answer.byteCount,
                    ])
            }
        }
    }
}

extension KnownId {
    fileprivate func beginning(for key: DeliveryKey) -> Beginning {
        guard digest == key.digest else { return .conflict }
        if let callId { return .stored(callId: callId) }
        if let answer { return .answered(answer) }
        // What a later version may have noted here is not known to this one: it may have run.
        return state == "running" ? .running : .unknown
    }
}

extension StoredAnswer {
    fileprivate var byteCount: Int { body.count + headerLines.reduce(0) { $0 + $1.utf8.count + 1 } }
}
