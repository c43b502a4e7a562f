// SPDX-License-Identifier: Apache-2.0

/// The embedded store: files of SQLite on a disk of this machine, for one relay or for several beside each other.
public struct SQLiteStore: Store {
    /// Opens nothing yet.
    public init() {}

    /// Opens the file of the queue, and makes it where there is none; its folder has to be there.
    ///
    /// - Parameters:
    ///   - place: The file.
    ///   - limits: What it may hold.
    /// - Returns: The queue.
    /// - Throws: ``StoreError/unavailable(_:)`` where it cannot be opened or was written by a later version.
    public func deliveries(at place: String, limits: StoreLimits) throws(StoreError) -> any DeliveryStore {
        try SQLiteDeliveries(path: place, limits: limits)
    }

    /// Opens the file of the history, and makes it where there is none; its folder has to be there.
    ///
    /// - Parameters:
    ///   - place: The file.
    ///   - limits: What it may hold.
    /// - Returns: The history, which opens the file later where that is not possible now.
    public func history(at place: String, limits: HistoryLimits) -> any HistoryStore {
        let history = SQLiteHistory(path: place, limits: limits)
        // What went wrong is said by whatever tries it next.
        try? history.open()
        return history
    }
}
