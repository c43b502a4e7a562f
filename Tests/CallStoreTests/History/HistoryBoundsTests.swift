// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Synchronization
import Testing

@testable import CallStore

/// The history is bounded in count, bytes and age, survives what happens to files, and says what it lacks.
@Suite struct HistoryBoundsTests {
    let files: TemporaryStore
    let start = 1_700_000_000_000

    init() throws { files = try TemporaryStore() }

    @Test func keepsTheNewestCalls() async throws {
        var limits = HistoryLimits()
        limits.calls = 5
        let history = try files.history(limits: limits)
        for number in 0..<8 { try await history.add([.hello("\(number)", at: start + number)]) }
        #expect(try await history.ids() == ["7", "6", "5", "4", "3"])
    }

    @Test func keepsSoManyBytesAndGivesRoomBackToTheDisk() async throws {
        var limits = HistoryLimits()
        limits.bytes = 2 << 20
        let history = try files.history(limits: limits)
        var payload = HistoryPayload()
        payload.retMsg = KeptText(text: [UInt8](repeating: 65, count: 60_000), byteCount: 60_000)
        for number in 0..<100 {
            try await history.add([.hello("\(number)", at: start + number, payload: payload)])
        }
        let kept = try await history.ids()
        #expect(kept.first == "99")
        #expect((1..<36).contains(kept.count))
        try await history.expire()
        let size = try FileManager.default.attributesOfItem(atPath: files.historyPath)[.size] as? Int
        #expect((size ?? .max) < 6 << 20)
    }

    /// Whoever writes at that time, this process or another, waits for one of them at most.
    @Test(arguments: [true, false])
    func whereLessMayBeKeptThanBeforeItIsRemovedInSmallTransactions(isAboutCalls: Bool) async throws {
        let history = try files.history()
        var payload = HistoryPayload()
        payload.retMsg = KeptText(text: [UInt8](repeating: 65, count: 2_000), byteCount: 2_000)
        try await history.add((0..<1_500).map { .hello("\($0)", at: start + $0, payload: payload) })
        let removals = Removals()
        _ = try await history.write { database, _ in
            database.add(transactionObserver: removals, extent: .databaseLifetime)
        }
        var limits = HistoryLimits()
        if isAboutCalls { limits.calls = 100 } else { limits.bytes = 1 << 20 }
        history.hold(to: limits)
        try await history.add([.hello("last", at: start + 2_000)])
        let kept = try await history.ids()
        #expect(kept.first == "last")
        #expect(isAboutCalls ? kept.count == 100 : (1..<600).contains(kept.count))
        #expect(removals.perTransaction.count >= 5)
        #expect(removals.perTransaction.allSatisfy { $0 <= 200 })
    }

    /// Counts the calls that each transaction removes.
    private final class Removals: TransactionObserver, Sendable {
        private let counts = Mutex<(now: Int, ended: [Int])>((0, []))
        var perTransaction: [Int] { counts.withLock(\.ended) }

        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool {
            if case .delete("calls") = eventKind { true } else { false }
        }

        func databaseDidChange(with event: DatabaseEvent) { counts.withLock { $0.now += 1 } }

        func databaseDidCommit(_ database: Database) {
            counts.withLock { counts in
                if counts.now > 0 { counts.ended.append(counts.now) }
                counts.now = 0
            }
        }

        func databaseDidRollback(_ database: Database) { counts.withLock { $0.now = 0 } }
    }

    @Test func forgetsWhatIsOld() async throws {
        var limits = HistoryLimits()
        limits.keepDays = 1
        let history = try files.history(limits: limits)
        try await history.add(
            [.hello("old", at: start), .hello("new", at: start + 86_000_000, caller: "bob")],
            missing: HistoryGap(since: start, until: start, calls: 3, reason: "full"))
        files.pass(.seconds(86_401))
        try await history.expire()
        #expect(try await history.ids() == ["new"])
        #expect(try await history.gaps().isEmpty)
        // Day tallies of the old call's day are still of the last day, so its kind is too.
        files.pass(.seconds(86_400 * 2))
        try await history.expire()
        #expect(try await history.names() == HistoryNames())
    }

    @Test func whatIsMissingIsTold() async throws {
        let history = try files.history()
        let gap = HistoryGap(since: start, until: start + 5, calls: 7, reason: "the disk was full")
        try await history.add([.hello("a")], missing: gap)
        #expect(try await history.gaps() == [gap])
    }

    @Test func callsOfARelayThatIsGoneAreUnknownAndThatIsTold() async throws {
        try await {
            let gone = try files.history()
            try await gone.add([.hello("a", at: start, outcome: .running), .hello("b", at: start)])
        }()
        let history = try files.history()
        try await history.add([.hello("mine", at: start, outcome: .running)])
        try await history.expire()
        let call = try #require(try await history.call("a")?.call)
        #expect((call.outcome, call.code) == (.unknown, "RelayStopped"))
        #expect(try await history.call("mine")?.call.outcome == .running)
        let gap = try #require(try await history.gaps().first)
        #expect((gap.since, gap.calls) == (start, nil))
        let window = HistoryWindow(.day, pieces: 2, endingAt: start)
        #expect(try await history.statistics(HistoryFilter(), in: window).outcomes == [.ok: 1, .unknown: 1])
        try await history.close()
        #expect(try await history.call("mine")?.call.outcome == .unknown)
    }

    @Test func strangersCannotMakeTheListSlowWithNamesOfTheirOwn() async throws {
        let history = try files.history()
        for batch in 0..<10 {
            try await history.add(
                (0..<500).map { .hello("\(batch)-\($0)", outcome: .refused, caller: "192.0.2.\(batch * 500 + $0)") })
        }
        #expect(try await history.ids(.with { $0.caller = "(others)" }, limit: 2000).count == 904)
    }

    @Test func aFileThatIsNoDatabaseIsOpenedOnceItIsPutRight() async throws {
        try Data("this is not a database, and too long to be taken for an empty one".utf8)
            .write(to: URL(fileURLWithPath: files.historyPath))
        let history = SQLiteHistory(path: files.historyPath)
        await #expect(throws: StoreError.self) { try await history.add([.hello("a")]) }
        let error = await #expect(throws: StoreError.self) { try await history.ids() }
        let words = try #require(error).description
        #expect(words.hasPrefix("the store fails: \(files.historyPath): "))
        #expect(words.split(separator: "the store fails").count == 1, "said twice: \(words)")
        try FileManager.default.removeItem(atPath: files.historyPath)
        try await history.add([.hello("a")])
        #expect(try await history.ids() == ["a"])
    }

    @Test func aDatabaseThatSomebodyElseHoldsIsAnErrorAndNothingIsHalfWritten() async throws {
        let history = try files.history(busySeconds: 0.01)
        let other = try files.openDatabase(at: files.historyPath)
        try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
        await #expect(throws: StoreError.self) { try await history.add([.hello("a"), .hello("b")]) }
        #expect(try await history.ids().isEmpty, "who looks need not wait for who writes")
        try other.inDatabase { try $0.execute(sql: "COMMIT") }
        try await history.add([.hello("a")])
        #expect(try await history.ids() == ["a"])
    }

    @Test func aFullDiskIsAnErrorAndNothingIsHalfWritten() async throws {
        let history = try files.history()
        try await history.add([.hello("a")])
        try await history.write { database, _ in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        var payload = HistoryPayload()
        payload.retMsg = KeptText(text: [UInt8](repeating: 65, count: 60_000), byteCount: 60_000)
        let large = payload
        await #expect(throws: StoreError.self) { try await history.add([.hello("b"), .hello("c", payload: large)]) }
        #expect(try await history.ids() == ["a"])
        try await history.write { database, _ in try database.execute(sql: "PRAGMA max_page_count = 100000") }
        try await history.add([.hello("d")])
        #expect(try await Set(history.ids()) == ["a", "d"])
    }

    @Test func twoRelaysShareAFile() async throws {
        let (first, second) = (try files.history(), try files.history())
        try await first.add([.hello("a", outcome: .running)])
        try await second.add([.hello("b", at: start + 1)])
        try await second.expire()
        #expect(try await first.ids() == ["b", "a"])
        #expect(try await second.call("a")?.call.outcome == .running)
    }

    @Test func theFilesAreForTheirOwnerAlone() async throws {
        let history = try files.history()
        try await history.add([.hello("a")])
        for name in try FileManager.default.contentsOfDirectory(atPath: files.folder) {
            let mode = try FileManager.default.attributesOfItem(atPath: files.folder + "/" + name)[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
    }
}
