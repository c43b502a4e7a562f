// SPDX-License-Identifier: Apache-2.0

import EventLoop
import GRDB
import Glibc
import Synchronization

/// Accepted calls and senders' ids, in an SQLite file on a disk of this machine.
///
/// Write-ahead log, and the disk is waited for at every commit. Beside `PATH` lie `PATH-wal`, `PATH-shm` and
/// `PATH-owners`; nobody else can read them.
final class SQLiteDeliveries: DeliveryStore {
    let database: DatabaseQueue
    let commits: GroupCommit
    let owners: OwnerLock
    private let currentLimits: Mutex<StoreLimits>
    let now: @Sendable () -> Int

    /// Opens the file, and makes it where there is none.
    ///
    /// - Parameters:
    ///   - path: The file. Its folder has to be there.
    ///   - limits: What it may hold.
    ///   - busySeconds: How long to wait for another process that writes.
    ///   - now: The time in UNIX milliseconds; a clock that nobody sets.
    /// - Throws: ``StoreError/unavailable(_:)`` where it cannot be opened or was written by a later version.
    init(
        path: String, limits: StoreLimits = StoreLimits(), busySeconds: Double = 5,
        now: @escaping @Sendable () -> Int = { [clock = SteadyClock()] in clock.now }
    ) throws(StoreError) {
        currentLimits = Mutex(limits)
        self.now = now
        do {
            try Self.createPrivately(path)
            guard let file = FileIdentity(path: path) else { throw SystemError("stat") }
            owners = try OwnerLock(path: path + "-owners")
            database = try DatabaseQueue(path: path, configuration: Self.configuration(busySeconds: busySeconds))
            commits = GroupCommit(database, in: file)
            try Self.waitForTheDisk(database)
            try Self.bringUpToDate(database)
            try Self.takeOverTime(database, now: now())
        } catch {
            throw StoreError.unavailable("\(path): \(StoreError(error).reason)")
        }
    }

    /// What it may hold now.
    var limits: StoreLimits { currentLimits.withLock { $0 } }

    /// Holds no more than that from now on.
    func hold(to limits: StoreLimits) {
        currentLimits.withLock { $0 = limits }
    }

    /// SQLite gives the files beside it the same mode.
    static func createPrivately(_ path: String) throws(SystemError) {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError("open") }
        close(file)
    }

    private static func configuration(busySeconds: Double) -> Configuration {
        var configuration = Configuration()
        configuration.label = "scf.store"
        configuration.journalMode = .wal
        configuration.busyMode = .timeout(busySeconds)
        return configuration
    }

    /// At every commit. GRDB's own choice for a write-ahead log, made when it opens the file, would not.
    private static func waitForTheDisk(_ database: DatabaseQueue) throws {
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864")
        }
    }

    private static func bringUpToDate(_ database: DatabaseQueue) throws {
        if try database.read(Schema.migrator.hasBeenSuperseded) {
            throw StoreError.unavailable("it was written by a later version of this program")
        }
        try Schema.migrator.migrate(database)
    }

    /// Where the machine's clock was set back since, times that lie ahead would hold things up: what waits is due, and
    /// what is remembered or kept is so from now on.
    private static func takeOverTime(_ database: DatabaseQueue, now: Int) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE calls SET noted = :now, since = min(since, :now), due = min(due, :now) WHERE noted > :now",
                arguments: ["now": now])
            try database.execute(
                sql: "UPDATE ids SET expires = :now + (expires - noted), noted = :now WHERE noted > :now",
                arguments: ["now": now])
        }
    }
}

// MARK: - Room

extension SQLiteDeliveries {
    /// What is noted about a call besides its payload takes about so many bytes.
    static let callBytes = 512
    /// The same for an attempt, and for a remembered id.
    static let attemptBytes = 128
    static let idBytes = 256

    /// Whether there is room for so much of an answer. Answers that are remembered may take half of all room: whoever may
    /// call a function can have them remembered, and must not keep webhooks out with it.
    static func hasRoom(_ database: Database, limits: StoreLimits, forAnswer bytes: Int) throws -> Bool {
        let held = try Int.fetchOne(database.cachedStatement(sql: "SELECT answerBytes FROM usage")) ?? 0
        return held + bytes <= limits.bytes / 2
    }

    /// Checks that there is room, which calls that were delivered make way for.
    ///
    /// - Throws: ``StoreError/full``.
    static func makeRoom(
        _ database: Database, limits: StoreLimits, calls: Int, bytes: Int
    ) throws {
        while true {
            guard
                let usage = try Row.fetchOne(
                    database.cachedStatement(sql: "SELECT openCalls, bytes FROM usage"))
            else { throw StoreError.unavailable("the table 'usage' is empty") }
            let (openCalls, held): (Int, Int) = (usage["openCalls"], usage["bytes"])
            guard openCalls + calls <= limits.calls else { throw StoreError.full }
            if held + bytes <= limits.bytes { return }
            try database.execute(
                sql: """
                    DELETE FROM calls WHERE place IN
                        (SELECT place FROM calls WHERE state = 'done' ORDER BY noted LIMIT 100)
                    """)
            guard database.changesCount > 0 else { throw StoreError.full }
        }
    }
}
