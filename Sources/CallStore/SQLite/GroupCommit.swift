// SPDX-License-Identifier: Apache-2.0

import GRDB
import Synchronization

/// Runs work on a database in transactions that many share: what comes while one commit waits for the disk goes into the
/// next. A thousand deliveries at once cost a few waits for the disk, not a thousand.
///
/// Work runs on the database's own queue, never on the caller's thread, and its result is handed back when it is on disk.
final class GroupCommit: Sendable {
    /// Runs work; what it returns tells the caller, once it is known whether the transaction was committed.
    private typealias Work = @Sendable (Database) throws -> @Sendable () -> Void
    private typealias Entry = (work: Work, fail: @Sendable (any Error) -> Void)

    private struct Waiting {
        var entries: [Entry] = []
        var isScheduled = false
    }

    /// Pieces of work in one transaction: enough to share the wait, few enough not to hold others up for long.
    private static let most = 256

    private let database: DatabaseQueue
    private let file: FileIdentity
    private let waiting = Mutex(Waiting())

    /// - Parameters:
    ///   - database: The database.
    ///   - file: Its file: what is committed after it was removed or moved away would be lost.
    init(_ database: DatabaseQueue, in file: FileIdentity) {
        self.database = database
        self.file = file
    }

    /// Runs `body` in a transaction and returns when it is on disk.
    ///
    /// - Parameter body: May be run again where others in its transaction failed.
    /// - Returns: What `body` returned.
    /// - Throws: What `body` or the database throws; then nothing was changed.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, StoreError>, Never>) in
            add(
                (
                    work: { database in
                        let value = try body(database)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    fail: { continuation.resume(returning: .failure(StoreError($0))) }
                ))
        }
        return try result.get()
    }

    private func add(_ entry: Entry) {
        let mustSchedule = waiting.withLock { waiting in
            waiting.entries.append(entry)
            defer { waiting.isScheduled = true }
            return !waiting.isScheduled
        }
        if mustSchedule { schedule() }
    }

    private func schedule() {
        database.asyncWriteWithoutTransaction { database in
            while let entries = self.takeNext() {
                if self.file.isCurrent {
                    Self.run(entries, database)
                } else {
                    for entry in entries { entry.fail(Self.fileIsGone) }
                }
            }
        }
    }

    private static let fileIsGone = StoreError.unavailable(
        "its file was removed, moved away or replaced; the relay has to be restarted")

    private func takeNext() -> [Entry]? {
        waiting.withLock { waiting in
            guard !waiting.entries.isEmpty else {
                waiting.isScheduled = false
                return nil
            }
            let taken = Array(waiting.entries.prefix(Self.most))
            waiting.entries.removeFirst(taken.count)
            return taken
        }
    }

    /// Where a transaction fails, each piece of work gets one of its own, so that none suffers for another.
    private static func run(_ entries: [Entry], _ database: Database) {
        var replies: [@Sendable () -> Void] = []
        do {
            try database.inTransaction(.immediate) {
                replies = try entries.map { try $0.work(database) }
                return .commit
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Another process holds the lock, and has been waited for. One by one they would all wait again.
            for entry in entries { entry.fail(error) }
        } catch {
            guard entries.count > 1 else { return entries[0].fail(error) }
            for entry in entries { run([entry], database) }
            return
        }
        for reply in replies { reply() }
    }
}

extension StoreError {
    /// What the database, or work on it, threw.
    init(_ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        // The message alone: GRDB's description may hold values.
        case let error as DatabaseError:
            self = .unavailable(error.message ?? "SQLite error \(error.resultCode.rawValue)")
        default: self = .unavailable("\(error)")
        }
    }
}
