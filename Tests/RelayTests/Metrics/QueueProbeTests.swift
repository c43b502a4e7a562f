// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import CallStore
@testable import Relay

@Suite("Asking the store how much it holds", .timeLimit(.minutes(2)))
struct QueueProbeTests {
    @Test("What a store says is told")
    func counts() async throws {
        let files = try TestStore()
        _ = try await files.store.accept(.hello("a"), as: nil)
        let probe = QueueProbe(
            ask: { try? await files.store.counts() }, timeout: { try? await Task.sleep(for: .seconds(60)) })
        let text = await Self.text(of: probe)
        #expect(text.contains("scf_relay_store_up 1\n"))
        #expect(text.contains("scf_relay_queue_calls{kind=\"function\",state=\"waiting\"} 1\n"))
        #expect(text.contains("scf_relay_queue_calls{kind=\"callback\",state=\"waiting\"} 0\n"))
        #expect(text.contains("scf_relay_dead_calls 0\n"))
    }

    @Test("A store that hangs is not waited for, and asked once; when it has answered, it is asked again")
    func hanging() async throws {
        let (questions, question) = AsyncStream.makeStream(of: CheckedContinuation<QueueCounts?, Never>.self)
        let asked = Mutex(0)
        let isPatient = Mutex(false)
        let probe = QueueProbe(
            ask: {
                asked.withLock { $0 += 1 }
                return await withCheckedContinuation { question.yield($0) }
            },
            timeout: { if isPatient.withLock({ $0 }) { try? await Task.sleep(for: .seconds(60)) } })
        for _ in 0..<3 {
            let text = await Self.text(of: probe)
            #expect(text.contains("scf_relay_store_up 0\n") && !text.contains("scf_relay_dead_calls"))
        }
        var waiting = questions.makeAsyncIterator()
        let first = try #require(await waiting.next())
        #expect(asked.withLock { $0 } == 1)
        isPatient.withLock { $0 = true }
        // Whoever asks meanwhile gets the answer to the same question.
        async let late = probe.counts()
        var counts = QueueCounts()
        counts.dead = 7
        first.resume(returning: counts)
        let other = Task {
            var waiting = questions.makeAsyncIterator()
            while let next = await waiting.next() { next.resume(returning: counts) }
        }
        #expect(await late == counts)
        #expect(await probe.counts() == counts)
        other.cancel()
        question.finish()
        #expect(asked.withLock { $0 } >= 2)
    }

    private static func text(of probe: QueueProbe) async -> String {
        var text = MetricsText(.prometheus)
        await QueueMetrics(probe: probe).write(to: &text)
        return String(decoding: text.finished(), as: UTF8.self)
    }
}
