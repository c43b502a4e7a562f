// SPDX-License-Identifier: Apache-2.0

import CEpoll

/// The connections that wait to be accepted at a listening socket.
public struct ListenQueue: Sendable, Equatable {
    /// How many wait now.
    public let length: Int
    /// How many may: the backlog, as far as the system's `net.core.somaxconn` allows. `nil` where the system does not tell.
    public let limit: Int?
}

extension ListeningSocket {
    /// Its queue. Costs a few system calls.
    ///
    /// The kernel tells the queue of a Unix socket over netlink. Where a sandbox forbids netlink, its table of sockets tells
    /// the queue's length, and not its limit.
    ///
    /// - Returns: `nil` where the system tells neither, and once the socket is closed.
    public var queue: ListenQueue? {
        withDescriptor { descriptor in
            var (length, limit): (UInt32, UInt32) = (0, 0)
            let status =
                isTCP
                ? linux_tcp_listen_queue(descriptor, &length, &limit)
                : linux_unix_listen_queue(descriptor, &length, &limit)
            if status == 0 { return ListenQueue(length: Int(length), limit: Int(limit)) }
            guard !isTCP, let table = UnixSocketTable() else { return nil }
            return table.connectionsWaiting(at: descriptor).map { ListenQueue(length: $0, limit: nil) }
        }
    }
}
