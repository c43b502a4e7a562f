// SPDX-License-Identifier: Apache-2.0

import CallStore
import CurlHTTP
import Invocation

/// What `/metrics` and `/status` look at besides ``LastingParts``: what one configuration has.
struct WatchedParts: Sendable {
    let client: HTTPClient
    let clock: CloudClock
    let credentials: any CredentialProvider
    let callers: Callers
    let hooks: [HookDoor]
}

extension LastingParts {
    /// The doors for operators, by path.
    func doors(watching parts: WatchedParts) -> [String: any Door] {
        let load = LoadMetrics(
            gate: gate, inFlight: metrics.inFlight, shed: metrics.shed, servers: metrics.servers, calls: metrics.calls)
        let queue = deliveries.map { QueueProbe(store: $0.store) }
        var sources: [any MetricSource] = [
            metrics.calls, load,
            CloudMetrics(
                client: parts.client, clock: parts.clock, furtherTries: metrics.furtherTries,
                credentials: parts.credentials),
            KeyMetrics(callerKeys: parts.callers.keyUses, hooks: parts.hooks.map { ($0.hook.name, $0.verifier.uses) }),
            metrics.reloads, ProcessMetrics(writer: writer),
        ]
        if let queue { sources.append(QueueMetrics(probe: queue)) }
        let status = StatusReport.Sources(
            metrics: metrics, load: load, queue: queue, obstacle: { [readiness] in readiness.obstacle }, now: now)
        return ["/metrics": MetricsDoor(sources: sources), "/status": StatusDoor(sources: status)]
    }
}

extension CallMetrics {
    /// Takes the names that a configuration has.
    func adopt(_ configuration: Configuration) {
        adopt(
            callers: configuration.callers.map(\.name) + configuration.hooks.map(\.name),
            functions: configuration.functions)
    }
}
