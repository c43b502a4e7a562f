// SPDX-License-Identifier: Apache-2.0

/// Connections in the order in which their time is up: all of a queue get the same time, so whoever came first is first.
///
/// A list whose links are in the connections, so that whoever leaves from the middle costs no search. A connection is in one
/// queue at most.
struct ConnectionQueue {
    private(set) var first: Connection?
    private var last: Connection?

    mutating func append(_ connection: Connection) {
        connection.queueLinks.previous = last
        if let last { last.queueLinks.next = connection } else { first = connection }
        last = connection
    }

    /// Takes out a connection that is in this queue.
    mutating func remove(_ connection: Connection) {
        let (previous, next) = (connection.queueLinks.previous, connection.queueLinks.next)
        if let previous { previous.queueLinks.next = next } else { first = next }
        if let next { next.queueLinks.previous = previous } else { last = previous }
        connection.queueLinks = Links()
    }

    /// A connection's place in a queue.
    struct Links {
        // The queue, or the one before, holds each connection: the way back need not.
        fileprivate unowned var previous: Connection?
        fileprivate var next: Connection?
    }
}
