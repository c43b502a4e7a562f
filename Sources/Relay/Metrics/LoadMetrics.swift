// SPDX-License-Identifier: Apache-2.0

import EventLoop
import FastCGI
import Invocation
import Synchronization

/// The servers of this process. They are known only after the doors that look at them.
final class ServersInView: Sendable {
    private let known = Mutex<[Server]>([])

    /// The servers hold the doors, and the doors this: all of them live as long as the process.
    func set(_ servers: [Server]) { known.withLock { $0 = servers } }

    /// All servers, the one of `listen` first.
    var all: [Server] { known.withLock { $0 } }
}

/// What is under way, and what is refused because too much is.
struct LoadMetrics: MetricSource {
    let gate: InFlightGate
    let inFlight: CallsInFlight
    let shed: ShedCalls
    let servers: ServersInView
    let calls: CallMetrics

    func write(to text: inout MetricsText) async {
        writeInFlight(to: &text)
        writeShed(to: &text)
        writeConnections(to: &text)
    }

    private func writeInFlight(to text: inout MetricsText) {
        let entries = inFlight.all
        text.begin(
            "scf_relay_calls_in_flight", .gauge,
            "Calls of functions under way: waiting for their turn, or sent to the cloud.")
        for stage in CallsInFlight.Stage.allCases {
            text.sample(["stage": stage.rawValue], entries.count { $0.stage == stage })
        }
        text.single(
            "scf_relay_calls_in_flight_limit", .gauge, "Calls that may be under way at once: limits.inFlight.",
            gate.limit)
        text.single(
            "scf_relay_calls_in_flight_highest", .gauge, "The most calls under way at once since the start.",
            gate.highestInFlight)
        text.single(
            "scf_relay_oldest_call_age_seconds", .gauge,
            "Age of the call that is under way for the longest; 0 for none.",
            entries.first.map { (Monotonic.now - $0.since).seconds } ?? 0)
    }

    private func writeShed(to text: inout MetricsText) {
        text.begin(
            "scf_relay_shed_total", .counter, "Calls refused because of load (429, 503), by what was exhausted.")
        for (reason, count) in reasons { text.sample(["reason": reason], count) }
    }

    /// Calls that were refused because of load, by what was exhausted.
    var reasons: [(reason: String, count: Int)] {
        let total = calls.total
        let storeFull = total.calls.reduce(0) { sum, row in
            total.labels.codes.texts[row.key.code] == "ResourceUnavailable.StoreFull" ? sum + row.value : sum
        }
        return [
            ("rate", shed.countOverRate), ("caller_rate", shed.countOverOwnRate), ("in_flight", gate.refusedCalls),
            ("bytes_held", servers.all.reduce(0) { $0 + $1.overloadRefusals }), ("store_full", storeFull),
        ]
    }

    private func writeConnections(to text: inout MetricsText) {
        let all = servers.all.map { (server: $0, name: "\($0.socket.address)") }
        text.begin(
            "scf_relay_connections", .gauge,
            "Open connections of the web server: busy with a request that is being answered, or parked.")
        for (server, listen) in all {
            let (open, busy) = (server.openConnections, server.requestsInFlight)
            text.sample(["listen": listen, "state": "busy"], busy)
            text.sample(["listen": listen, "state": "parked"], max(0, open - busy))
        }
        text.begin("scf_relay_connections_accepted_total", .counter, "Connections of the web server, since the start.")
        for (server, listen) in all { text.sample(["listen": listen], server.acceptedConnections) }
        text.begin(
            "scf_relay_listen_queue", .gauge,
            "Connections that wait to be accepted; absent where the system does not tell.")
        for (server, listen) in all {
            if let queue = server.socket.queue { text.sample(["listen": listen], queue.length) }
        }
        // The servers share one bound.
        guard let server = all.first?.server else { return }
        text.single("scf_relay_held_bytes", .gauge, "Bytes of requests held in memory.", server.bytesHeld)
        text.single(
            "scf_relay_held_bytes_limit", .gauge, "Bytes of requests that may be held: limits.bytesHeld.",
            server.bytesHeldLimit)
    }
}
