// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import FastCGI
import Invocation

/// What a relay does right now, in the way of PHP-FPM's status page.
struct StatusReport: Sendable {
    /// A call under way.
    struct Call: Sendable {
        let requestId: String
        let door: String
        let caller: String
        let function: String
        let stage: CallsInFlight.Stage
        let age: Duration
    }

    /// A socket of the relay.
    struct Listener: Sendable {
        let address: String
        let acceptedConnections: Int
        let openConnections: Int
        let busyConnections: Int
        /// `nil` where the system does not tell.
        let queue: ListenQueue?
    }

    /// What is asked for a report.
    struct Sources: Sendable {
        let metrics: RelayMetrics
        let load: LoadMetrics
        /// `nil` where there is no store.
        let queue: QueueProbe?
        /// Why the process should not get work; `nil` where it should.
        let obstacle: @Sendable () -> String?
        /// In UNIX seconds.
        let now: @Sendable () -> Int
    }

    let state: String
    let startTime: Int
    let now: Int
    let listeners: [Listener]
    let endedCalls: Int
    let limit: Int
    let highest: Int
    let calls: [Call]
    let shed: [(reason: String, count: Int)]
    let bytesHeld: Int
    let bytesHeldLimit: Int
    /// Accepted calls that wait; `nil` without a store, or where it does not answer.
    let queued: Int?
    let dead: Int?

    init(_ sources: Sources) async {
        let queue = await sources.queue?.counts()
        let gate = sources.load.gate
        state = sources.obstacle() ?? "ready"
        startTime = sources.metrics.startTime
        now = sources.now()
        listeners = sources.metrics.servers.all.map { server in
            Listener(
                address: "\(server.socket.address)", acceptedConnections: server.acceptedConnections,
                openConnections: server.openConnections, busyConnections: server.requestsInFlight,
                queue: server.socket.queue)
        }
        endedCalls = sources.metrics.calls.total.calls.values.reduce(0, +)
        limit = gate.limit
        highest = gate.highestInFlight
        let time = Monotonic.now
        calls = sources.metrics.inFlight.all.map { entry in
            Call(
                requestId: entry.requestId, door: entry.door, caller: entry.caller,
                function: "\(entry.namespace ?? "default")/\(entry.functionName)", stage: entry.stage,
                age: time - entry.since)
        }
        shed = sources.load.reasons
        let server = sources.metrics.servers.all.first
        bytesHeld = server?.bytesHeld ?? 0
        bytesHeldLimit = server?.bytesHeldLimit ?? 0
        queued = queue.map { $0.functions.waiting + $0.callbacks.waiting }
        dead = queue?.dead
    }

    func count(_ stage: CallsInFlight.Stage) -> Int { calls.count { $0.stage == stage } }

    /// How much of `limits.inFlight` is taken, in percent.
    var saturation: Double { limit > 0 ? Double(calls.count) / Double(limit) * 100 : 100 }
}
