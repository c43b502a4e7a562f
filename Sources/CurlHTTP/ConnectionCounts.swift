// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a client's connections do, and what they have done since its start.
public struct ConnectionCounts: Sendable, Equatable {
    /// Connections that are open now, in use or kept for later.
    public var open = 0
    /// Connections that were begun: more than were made where some could not be.
    public var begun = 0
    /// Requests that went out on a kept connection.
    public var requestsOnKept = 0
    /// Requests for which a connection was made.
    public var requestsOnNew = 0

    static func + (left: ConnectionCounts, right: ConnectionCounts) -> ConnectionCounts {
        ConnectionCounts(
            open: left.open + right.open, begun: left.begun + right.begun,
            requestsOnKept: left.requestsOnKept + right.requestsOnKept,
            requestsOnNew: left.requestsOnNew + right.requestsOnNew)
    }
}

/// The counts of one engine. Only its loop writes them, so nobody contends; anybody may read them.
final class EngineCounts: Sendable {
    private let begun = Atomic(0)
    private let closed = Atomic(0)
    private let requestsOnKept = Atomic(0)
    private let requestsOnNew = Atomic(0)

    var now: ConnectionCounts {
        let closed = closed.load(ordering: .relaxed)
        let begun = begun.load(ordering: .relaxed)
        return ConnectionCounts(
            open: max(0, begun - closed), begun: begun, requestsOnKept: requestsOnKept.load(ordering: .relaxed),
            requestsOnNew: requestsOnNew.load(ordering: .relaxed))
    }

    func noteBegun() { begun.add(1, ordering: .relaxed) }
    func noteClosed() { closed.add(1, ordering: .relaxed) }

    /// A request has ended that went out.
    func noteRequest(connectionsMade: Int) {
        if connectionsMade == 0 {
            requestsOnKept.add(1, ordering: .relaxed)
        } else {
            requestsOnNew.add(1, ordering: .relaxed)
        }
    }
}
