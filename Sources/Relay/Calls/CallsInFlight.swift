// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation
import Synchronization

/// The calls that are under way, each with who made it and how far it is. Each loop has a table of its own, so that
/// entering and leaving contends with nobody but who looks.
final class CallsInFlight: Sendable {
    /// How far a call is.
    enum Stage: String, Sendable, CaseIterable {
        /// It waits for its turn: the rate allows no more calls to start.
        case waiting
        /// It is at the cloud, all its tries included.
        case sent
    }

    /// A call under way.
    struct Entry: Sendable {
        let requestId: String
        let door: String
        let caller: String
        let namespace: String?
        let functionName: String
        let since: Monotonic
        fileprivate(set) var stage = Stage.waiting
    }

    /// Where a call is entered.
    struct Place: Sendable {
        fileprivate let table: Int
        fileprivate let row: Int
    }

    private struct Rows {
        var entries: [Entry?] = []
        var free: [Int] = []
    }

    private final class Table: Sendable {
        let rows = Mutex(Rows())
    }

    private let tables: [Table]

    /// - Parameter loops: How many loops enter calls.
    init(loops: Int = 1) {
        tables = (0..<max(1, loops)).map { _ in Table() }
    }

    /// Enters a call that waits for its turn.
    func enter(_ request: InvokeRequest, _ context: CallContext) -> Place {
        let index = (EventLoop.current?.index ?? 0) % tables.count
        let row = tables[index].rows.withLock { rows in
            let row = rows.free.popLast() ?? rows.entries.count
            if row == rows.entries.count { rows.entries.append(nil) }
            rows.entries[row] = Entry(
                requestId: context.requestId, door: context.door, caller: context.caller,
                namespace: request.namespace, functionName: request.functionName, since: .now)
            return row
        }
        return Place(table: index, row: row)
    }

    /// Notes that it is its turn.
    func noteSent(_ place: Place) {
        tables[place.table].rows.withLock { $0.entries[place.row]?.stage = .sent }
    }

    /// Takes a call out that has ended.
    func leave(_ place: Place) {
        tables[place.table].rows.withLock { rows in
            rows.entries[place.row] = nil
            rows.free.append(place.row)
        }
    }

    /// All of them, the oldest first.
    var all: [Entry] {
        tables.flatMap { $0.rows.withLock { $0.entries.compactMap { $0 } } }.sorted { $0.since < $1.since }
    }
}
