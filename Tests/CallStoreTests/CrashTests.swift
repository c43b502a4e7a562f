// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Synchronization
import Testing

@testable import CallStore

/// Ends of a relay and troubles of a disk: what was acknowledged is there, and nothing is half there.
@Suite struct CrashTests {
    let files: TemporaryStore

    init() throws { files = try TemporaryStore() }

    @Test func claimsOfARelayThatIsGoneAreSettledByWhatTheyAllow() async throws {
        func claimAndEndTheRelay() async throws {
            let store = try files.open()
            _ = try await store.accept(.hello("once"), as: nil)
            _ = try await store.accept(.hello("often", idempotent: true), as: nil)
            _ = try await store.claim(.function, upTo: 10)
        }
        try await claimAndEndTheRelay()
        let store = try files.open()
        #expect(try await store.claim(.function, upTo: 10).isEmpty)
        let abandoned = try await store.settleAbandoned()
        #expect(
            abandoned == [Abandoned(id: "once", state: .unknown), Abandoned(id: "often", state: .waiting)])
        #expect(try await store.settleAbandoned().isEmpty)
        #expect(try await store.claimIds(upTo: 10) == ["often"])
        #expect(try await store.call("once")?.attempts.first?.outcome?.code == "RelayStopped")
    }

    @Test func twoRelaysShareTheCallsAndDoNotTakeEachOtherForDead() async throws {
        let (first, second) = (try files.open(), try files.open())
        for number in 1...20 { _ = try await first.accept(.hello("\(number)"), as: nil) }
        var claimed: [String] = []
        for _ in 1...5 {
            claimed += try await first.claimIds(upTo: 2)
            claimed += try await second.claimIds(upTo: 2)
        }
        #expect(claimed.sorted() == (1...20).map(String.init).sorted())
        #expect(try await first.settleAbandoned().isEmpty)
        #expect(try await second.settleAbandoned().isEmpty)
    }

    @Test func aClaimThatWasTakenAwayCannotBeFinished() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: nil)
        let claim = try #require(try await store.claim(.function, upTo: 1).first)
        try await store.finish(claim, .unknown(AttemptOutcome(code: "X")))
        try await store.finish(claim, .done(AttemptOutcome(code: "OK")))
        #expect(try await store.states() == ["a": .unknown])
    }

    /// A power failure may leave any beginning of the log behind the database.
    @Test(arguments: 0..<20)
    func whateverIsLeftOfTheLogHoldsWhatWasStoredFirst(seed: Int) async throws {
        var random = SplitMix(state: UInt64(seed))
        let store = try files.open()
        let count = 40
        for number in 1...count {
            _ = try await store.accept(
                .hello("\(number)", payload: String(repeating: "x", count: 3000)), as: .push("\(number)"))
        }
        let copy = try TemporaryStore()
        try FileManager.default.copyItem(atPath: files.path, toPath: copy.path)
        let log = try Data(contentsOf: URL(filePath: files.path + "-wal"))
        let left = seed == 0 ? log.count : Int.random(in: 0...log.count, using: &random)
        try log.prefix(left).write(to: URL(filePath: copy.path + "-wal"))

        let reopened = try copy.open()
        let ids = try await reopened.calls(in: [.waiting], after: 0, limit: 1000).map(\.id)
        #expect(ids == (1...count).prefix(ids.count).map(String.init))
        if seed == 0 { #expect(ids.count == count) }
        #expect(try await reopened.database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
        #expect(try await reopened.accept(.hello("new"), as: nil) == .stored)
    }

    @Test func aLockedDatabaseIsAnErrorAndThenWorksAgain() async throws {
        let store = try files.open(busySeconds: 0.01)
        let other = try files.openDatabase()
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        await #expect(throws: StoreError.self) { try await store.accept(.hello("a"), as: nil) }
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await store.accept(.hello("a"), as: nil) == .stored)
        #expect(try await store.states() == ["a": .waiting])
    }

    @Test func manyThatWaitForALockedDatabaseWaitOnceAndNotOneAfterTheOther() async throws {
        let store = try files.open(busySeconds: 0.2)
        let other = try files.openDatabase()
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let tries = Mutex(0)
        try await store.database.writeWithoutTransaction { database in
            database.trace { event in
                if "\(event)".hasPrefix("BEGIN IMMEDIATE") { tries.withLock { $0 += 1 } }
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 1...100 {
                group.addTask { _ = try? await store.accept(.hello("\(number)"), as: nil) }
            }
        }
        #expect((1...50).contains(tries.withLock { $0 }), "one after the other there would be 100")
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await store.states().isEmpty)
    }

    @Test func aFullDiskIsAnErrorAndLeavesNothingHalfWritten() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("first"), as: .push("first"))
        let pages = try await store.database.read { try Int.fetchOne($0, sql: "PRAGMA page_count") } ?? 0
        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 4)") }
        let big = NewCall.hello("big", payload: String(repeating: "x", count: 100_000))
        await #expect(throws: StoreError.unavailable("database or disk is full")) {
            try await store.accept(big, as: .push("big"))
        }
        #expect(try await store.states() == ["first": .waiting])
        #expect(try await store.claimIds(upTo: 10) == ["first"], "what needs little room goes on")
        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try await store.accept(big, as: .push("big")) == .stored)
    }

    @Test func oneThatFailsDoesNotFailOthersOfItsTransaction() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("taken"), as: nil)
        let failed = await withTaskGroup(of: String?.self) { group in
            for number in 1...50 {
                let id = number == 25 ? "taken" : "\(number)"
                group.addTask {
                    do { return try await store.accept(.hello(id), as: nil) == .stored ? nil : id } catch { return id }
                }
            }
            return await group.reduce(into: [String]()) { failed, id in if let id { failed.append(id) } }
        }
        #expect(failed == ["taken"])
        #expect(try await store.states().count == 50)
    }

    @Test func manyAtOnceShareTheWaitForTheDisk() async throws {
        let store = try files.open()
        let commits = CommitCounter()
        store.database.add(transactionObserver: commits, extent: .observerLifetime)
        await withTaskGroup(of: Void.self) { group in
            for number in 1...200 {
                group.addTask { _ = try? await store.accept(.hello("\(number)"), as: nil) }
            }
        }
        #expect(try await store.states().count == 200)
        #expect(commits.count < 100)
    }

    @Test func waitsForTheDiskAndIsForItsOwnerAlone() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: nil)
        let settings = try await store.database.read { database in
            [
                try String.fetchOne(database, sql: "PRAGMA journal_mode"),
                try String.fetchOne(database, sql: "PRAGMA synchronous"),
            ]
        }
        #expect(settings == ["wal", "2"])
        for suffix in ["", "-wal", "-shm", "-owners"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: files.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
    }

    @Test func aFileOfALaterVersionIsRefused() async throws {
        _ = try await files.open().accept(.hello("a"), as: nil)
        let other = try files.openDatabase()
        try await other.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('2 of the future')") }
        #expect(throws: StoreError.self) { try files.open() }
    }
}

/// Counts transactions that were committed.
private final class CommitCounter: TransactionObserver {
    // Written on the database's queue, and read when all work is done.
    nonisolated(unsafe) private(set) var count = 0

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) { count += 1 }
    func databaseDidRollback(_ database: Database) {}
}

/// A small generator that gives the same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
