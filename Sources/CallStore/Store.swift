// SPDX-License-Identifier: Apache-2.0

/// Where a relay keeps what has to outlive it. It has two parts that promise different things: ``DeliveryStore`` loses
/// nothing that it has taken, ``HistoryStore`` is a record that calls do not wait for.
///
/// This is the line between the relay and a database: above it nothing knows which one there is, nor whether other relays
/// share it. Another kind of store is another type with this protocol.
public protocol Store: Sendable {
    /// Opens the queue of accepted calls, with their attempts, and the ids of senders with the answers they got.
    ///
    /// - Parameters:
    ///   - place: Where it is; for an embedded store, a file.
    ///   - limits: What it may hold.
    /// - Returns: The queue.
    /// - Throws: ``StoreError/unavailable(_:)`` where it cannot be opened.
    func deliveries(at place: String, limits: StoreLimits) throws(StoreError) -> any DeliveryStore

    /// Opens the history of calls. What cannot be opened now is opened as soon as it can be.
    ///
    /// - Parameters:
    ///   - place: Where it is; for an embedded store, a file.
    ///   - limits: What it may hold.
    /// - Returns: The history.
    func history(at place: String, limits: HistoryLimits) -> any HistoryStore
}

/// Why the store did not do what it was asked. Nothing was changed.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// It holds as much as it may.
    case full
    /// The disk or the database fails; the text is for operators.
    case unavailable(String)

    /// For the log.
    public var description: String {
        switch self {
        case .full: "the store is full"
        case .unavailable(let reason): "the store fails: \(reason)"
        }
    }

    /// What is wrong, for a text that names the store itself.
    var reason: String {
        switch self {
        case .full: "it is full"
        case .unavailable(let reason): reason
        }
    }
}
