// SPDX-License-Identifier: Apache-2.0

import GRDB
import Testing

@testable import CallStore

/// How much a store says that it holds.
@Suite struct CountsTests {
    let files: TemporaryStore

    init() throws { files = try TemporaryStore() }

    @Test func anEmptyStoreHasNothing() async throws {
        let counts = try await files.open(limits: StoreLimits()).counts()
        #expect(counts.functions == QueueCounts.Queue() && counts.callbacks == QueueCounts.Queue())
        #expect(counts.dead == 0 && counts.unknown == 0 && counts.bytes == 0)
        #expect(counts.maximumBytes == 1 << 30)
    }

    @Test func countsByStateAndKindAndTellsTheAgeOfTheOldest() async throws {
        let store = try files.open()
        for id in ["a", "b", "c", "d", "e"] {
            _ = try await store.accept(.hello(id), as: nil)
            files.pass(.seconds(10))
        }
        let claims = try await store.claim(.function, upTo: 4)
        try await store.finish(claims[0], .dead(AttemptOutcome(code: "x"), followedBy: result("r")))
        try await store.finish(claims[1], .unknown(AttemptOutcome(code: "x")))
        try await store.finish(claims[2], .done(AttemptOutcome(code: "OK")))
        files.pass(.seconds(7))
        let counts = try await store.counts()
        #expect(counts.functions.waiting == 1 && counts.functions.running == 1)
        #expect(counts.functions.oldestAge == .seconds(17))
        #expect(counts.callbacks.waiting == 1 && counts.callbacks.running == 0)
        #expect(counts.callbacks.oldestAge == .seconds(7))
        #expect(counts.dead == 1 && counts.unknown == 1)
        #expect(counts.bytes > 0)
    }

    @Test func theOldestIsFoundWithoutALookAtTheOthers() async throws {
        _ = try files.open()
        let database = try files.openDatabase()
        for (condition, index) in [("IS NULL", "functionsWaiting"), ("IS NOT NULL", "callbacksWaiting")] {
            let plan = try await database.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT accepted FROM calls WHERE state = 'waiting' AND url \(condition)
                        ORDER BY place LIMIT 1
                        """
                ).map { $0["detail"] as String }
            }
            #expect(plan == ["SCAN calls USING INDEX \(index)"])
        }
    }

    @Test func countsWhatAnEarlierVersionHasStored() async throws {
        let database = try files.openDatabase()
        try Schema.migrator.migrate(database, upTo: "1 calls, attempts, ids, usage")
        try await database.write { database in
            for (id, state) in [("a", "waiting"), ("b", "waiting"), ("c", "dead"), ("d", "unknown"), ("e", "done")] {
                try database.execute(
                    sql: """
                        INSERT INTO calls (id, hook, state, functionName, invocationType, idempotent, accepted, since, noted,
                            due, bytes)
                        VALUES (?, 'push', ?, 'hello', 'Event', 0, 0, 0, 0, 0, 512)
                        """, arguments: [id, state])
            }
            try database.execute(
                sql: """
                    INSERT INTO ids (scope, id, digest, state, status, body, noted, expires, bytes)
                    VALUES ('push', '1', x'00', 'answered', 200, x'010203', 0, 9000000000, 515)
                    """)
        }
        try database.close()
        let store = try files.open()
        let counts = try await store.counts()
        #expect(counts.functions.waiting == 2 && counts.functions.running == 0)
        #expect(counts.callbacks == QueueCounts.Queue())
        #expect(counts.dead == 1 && counts.unknown == 1)
        #expect(try await store.drop("c") == .done)
        #expect(try await store.counts().dead == 0)
        #expect(try await store.claim(.function, upTo: 10).map(\.call.trace) == [nil, nil])
        let answerBytes = try await store.database.read {
            try Int.fetchOne($0, sql: "SELECT answerBytes FROM usage")
        }
        #expect(answerBytes == 515)
    }

    private func result(_ id: String) -> NewCall {
        NewCall(id: id, hook: "push", target: .callback(url: "https://example.com/"), payload: [1])
    }
}
