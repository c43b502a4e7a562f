// SPDX-License-Identifier: Apache-2.0

import EventLoop
import GRDB
import Glibc
import Synchronization

/// The embedded history: an SQLite file of its own beside the queue's, for one relay or for several on this machine.
///
/// Of its own, because it asks for the opposite: many writes that need not wait for the disk, a size that is bounded by
/// throwing the old away, and a file that may be lost. The queue neither waits for it nor fails with it. A crash of the
/// process loses nothing that was added, a loss of power perhaps the last seconds; neither leaves the file broken.
///
/// A file that cannot be opened, turns out to be broken or was moved away is opened anew at the next ``add(_:missing:)``: whoever has
/// put it right need not restart anything.
final class SQLiteHistory: HistoryStore {
    /// What is open, while it is.
    struct Connection: Sendable {
        let pool: DatabasePool
        let owners: OwnerLock
        let file: FileIdentity
    }

    private enum State {
        case open(Connection)
        case closed(reason: String)
    }

    let path: String
    private let currentLimits: Mutex<HistoryLimits>
    let now: @Sendable () -> Int
    private let busySeconds: Double
    private let state = Mutex(State.closed(reason: "it is not open yet"))

    /// Looks at no file yet.
    ///
    /// - Parameters:
    ///   - path: The file. Its folder has to be there.
    ///   - limits: What it may hold.
    ///   - busySeconds: How long to wait for another process that writes.
    ///   - now: The time in UNIX milliseconds.
    init(
        path: String, limits: HistoryLimits = HistoryLimits(), busySeconds: Double = 5,
        now: @escaping @Sendable () -> Int = { SteadyClock.timeOfDay }
    ) {
        self.path = path
        currentLimits = Mutex(limits)
        self.busySeconds = busySeconds
        self.now = now
    }

    /// What it may hold now.
    var limits: HistoryLimits { currentLimits.withLock { $0 } }

    /// Holds no more than that from now on.
    func hold(to limits: HistoryLimits) {
        currentLimits.withLock { $0 = limits }
    }

    /// Opens the file, and makes it where there is none. Waits for the disk; whatever writes does it where it has to be.
    ///
    /// - Throws: ``StoreError/unavailable(_:)`` where it cannot be opened or was written by a later version.
    func open() throws(StoreError) {
        do { try connection() } catch { throw unavailable(error) }
    }

    @discardableResult
    private func connection() throws -> Connection {
        try state.withLock { state in
            if case .open(let connection) = state, connection.file.isCurrent { return connection }
            do {
                try SQLiteDeliveries.createPrivately(path)
                guard let file = FileIdentity(path: path) else { throw SystemError("stat") }
                let owners = try OwnerLock(path: path + "-owners")
                let pool = try DatabasePool(path: path, configuration: configuration)
                try Self.bringUpToDate(pool)
                let connection = Connection(pool: pool, owners: owners, file: file)
                state = .open(connection)
                return connection
            } catch {
                state = .closed(reason: StoreError(error).reason)
                throw error
            }
        }
    }

    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "scf.history"
        configuration.busyMode = .timeout(busySeconds)
        // Lists and exports at once; each is a thread while it reads.
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            guard !database.configuration.readonly else { return }
            // Of a new file, so that it can shrink; no effect on one that is there.
            try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_size_limit = 16777216")
        }
        return configuration
    }

    private static func bringUpToDate(_ pool: DatabasePool) throws {
        if try pool.read(HistorySchema.migrator.hasBeenSuperseded) {
            throw StoreError.unavailable("it was written by a later version of this program")
        }
        try HistorySchema.migrator.migrate(pool)
    }
}

// MARK: - Working with it

extension SQLiteHistory {
    /// Writes, in one transaction; opens the file where it is not open.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database, OwnerLock) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            let connection = try connection()
            return try await connection.pool.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database, connection.owners)
                    return .commit
                }
                guard let value else { throw StoreError.unavailable("nothing was committed") }
                return value
            }
        } catch {
            throw unavailable(error)
        }
    }

    /// Reads, while others write. What is not open stays so: whoever reads must not wait for that.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let pool = try state.withLock { state throws(StoreError) in
            switch state {
            case .open(let connection): return connection.pool
            case .closed(let reason): throw .unavailable("\(path): \(reason)")
            }
        }
        do { return try await pool.read(body) } catch { throw unavailable(error) }
    }

    /// The error for whoever asked. A file that is not what it should be is let go.
    private func unavailable(_ error: any Error) -> StoreError {
        let told = StoreError(error)
        if let error = error as? DatabaseError, Self.isBroken(error.resultCode) {
            state.withLock { $0 = .closed(reason: told.reason) }
        }
        if case .unavailable(let reason) = told, !reason.hasPrefix(path) { return .unavailable("\(path): \(reason)") }
        return told
    }

    private static func isBroken(_ code: ResultCode) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_IOERR, .SQLITE_ERROR].contains(
            code)
    }
}
