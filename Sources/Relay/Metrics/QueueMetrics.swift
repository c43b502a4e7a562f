// SPDX-License-Identifier: Apache-2.0

import CallStore
import Synchronization

/// Calls that were accepted and are not delivered.
struct QueueMetrics: MetricSource {
    let probe: QueueProbe

    func write(to text: inout MetricsText) async {
        let counts = await probe.counts()
        text.single(
            "scf_relay_store_up", .gauge, "Whether the store has answered: 1, or 0 where it fails or takes too long.",
            counts == nil ? 0 : 1)
        guard let counts else { return }
        let queues = [("function", counts.functions), ("callback", counts.callbacks)]
        text.begin("scf_relay_queue_calls", .gauge, "Accepted calls that wait or are being delivered.")
        for (kind, queue) in queues {
            text.sample(["kind": kind, "state": "waiting"], queue.waiting)
            text.sample(["kind": kind, "state": "running"], queue.running)
        }
        text.begin(
            "scf_relay_queue_oldest_age_seconds", .gauge,
            "Time since the oldest of the calls that wait was accepted; 0 where none waits.")
        for (kind, queue) in queues { text.sample(["kind": kind], queue.oldestAge?.seconds ?? 0) }
        text.single("scf_relay_dead_calls", .gauge, "Accepted calls that were given up.", counts.dead)
        text.single(
            "scf_relay_unknown_calls", .gauge,
            "Accepted calls that may have run: a person decides.", counts.unknown)
        text.single("scf_relay_store_bytes", .gauge, "Bytes that the store holds.", counts.bytes)
        text.single(
            "scf_relay_store_bytes_limit", .gauge, "Bytes that the store may hold: store.maximumBytes.",
            counts.maximumBytes)
    }
}

/// What a store holds, asked when somebody looks, and not waited for longer than that is worth.
final class QueueProbe: Sendable {
    private let ask: @Sendable () async -> QueueCounts?
    private let timeout: @Sendable () async -> Void
    private let underWay = Mutex<Task<QueueCounts?, Never>?>(nil)

    /// - Parameters:
    ///   - ask: Asks the store; `nil` where it fails.
    ///   - timeout: Returns when the answer is not waited for any more.
    init(
        ask: @escaping @Sendable () async -> QueueCounts?,
        timeout: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(1)) }
    ) {
        self.ask = ask
        self.timeout = timeout
    }

    convenience init(store: any DeliveryStore) {
        self.init(ask: { try? await store.counts() })
    }

    /// - Returns: `nil` where the store fails or does not answer in time. A question that hangs is not asked twice.
    func counts() async -> QueueCounts? {
        let question = underWay.withLock { underWay in
            if let underWay { return underWay }
            let question = Task { await askOnce() }
            underWay = question
            return question
        }
        return await withCheckedContinuation { continuation in
            let answer = FirstAnswer(continuation)
            let patience = Task {
                await timeout()
                answer.give(nil)
            }
            Task {
                answer.give(await question.value)
                patience.cancel()
            }
        }
    }

    private func askOnce() async -> QueueCounts? {
        let counts = await ask()
        underWay.withLock { $0 = nil }
        return counts
    }

    /// Resumes a continuation once, with what comes first.
    private final class FirstAnswer: Sendable {
        private let waiting: Mutex<CheckedContinuation<QueueCounts?, Never>?>

        init(_ continuation: CheckedContinuation<QueueCounts?, Never>) {
            waiting = Mutex(continuation)
        }

        func give(_ counts: QueueCounts?) {
            waiting.withLock { $0.take() }?.resume(returning: counts)
        }
    }
}
