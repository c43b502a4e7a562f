// SPDX-License-Identifier: Apache-2.0

import CallStore
import Logging
import Synchronization

/// Keeps what doors tell about calls in the history.
///
/// Doors leave records in a bounded buffer and go on; a task of its own writes them, many at once. Where the store cannot
/// keep up, or fails, records are dropped, counted and said: no call ever waits for the history.
final class CallHistory: CallObserver {
    /// What the writer needs of the world.
    struct Surroundings: Sendable {
        /// Waits.
        var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
        /// The time, in UNIX milliseconds.
        var now: @Sendable () -> Int = { SteadyClock.timeOfDay }
        /// How long records are gathered: busy times cost one commit for many of them.
        var gathering: Duration = .milliseconds(20)
        /// The pause after a failure.
        var pause: Duration = .seconds(2)
        /// How often the store is kept in order.
        var upkeepInterval: Duration = .seconds(60)
        /// Makes ids that cannot be guessed.
        var makeId: @Sendable () -> String = RequestId.random
    }

    /// Where the calls are kept.
    let store: any HistoryStore
    private let current: Mutex<(keepsPayloads: Bool, memory: any FunctionMemory)>
    private let surroundings: Surroundings
    private let logger: Logger
    private let buffer: Mutex<HistoryBuffer>
    private let trouble = Mutex<HistoryTrouble?>(nil)
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Creates a history; nothing is written before ``run()``.
    ///
    /// - Parameters:
    ///   - store: Where the calls are kept.
    ///   - keepsPayloads: Whether what is sent and returned is kept.
    ///   - memory: Knows the memory that functions are billed by.
    ///   - logger: Gets a line when the history begins or ceases to fail.
    ///   - bounds: What may wait to be written.
    ///   - surroundings: Time and chance.
    init(
        store: any HistoryStore, keepsPayloads: Bool, memory: any FunctionMemory = UnknownMemory(), logger: Logger,
        bounds: HistoryBuffer.Bounds = HistoryBuffer.Bounds(), surroundings: Surroundings = Surroundings()
    ) {
        self.store = store
        current = Mutex((keepsPayloads, memory))
        self.logger = logger
        self.surroundings = surroundings
        buffer = Mutex(HistoryBuffer(bounds: bounds))
    }

    /// Whether what is sent and returned is kept.
    var keepsPayloads: Bool { current.withLock { $0.keepsPayloads } }

    /// Keeps calls like this from now on.
    func keep(by settings: Configuration.HistorySettings, memory: any FunctionMemory) {
        store.hold(to: settings.limits)
        current.withLock { $0 = (settings.payloads, memory) }
    }

    /// A call is under way that people may look for.
    func callBegan(_ record: CallRecord) {
        guard let detail = HistoryDetail(running: record, at: surroundings.now(), keepsPayloads: keepsPayloads) else {
            return
        }
        add(detail)
    }

    func callEnded(_ record: CallRecord) {
        let now = surroundings.now()
        guard
            let detail = HistoryDetail(
                ended: record, at: now, keepsPayloads: keepsPayloads, makeId: surroundings.makeId)
        else { return }
        add(detail)
    }

    private func add(_ detail: HistoryDetail) {
        let isFirst = buffer.withLock { $0.add(detail, at: surroundings.now()) }
        if isFirst { signal.yield() }
    }

    /// The time, in UNIX milliseconds.
    var now: Int { surroundings.now() }

    /// What the history lacks at this moment; `nil` where all is well.
    var currentTrouble: HistoryTrouble? {
        guard var trouble = trouble.withLock({ $0 }) else { return nil }
        buffer.withLock {
            trouble.waiting = $0.count
            trouble.dropped = $0.dropped?.calls ?? 0
        }
        return trouble
    }

    /// Returns when what doors have told so far is written, or cannot be.
    func flushed() async {
        await withCheckedContinuation { continuation in
            let isIdle = buffer.withLock { buffer in
                if buffer.isIdle { return true }
                buffer.waiters.append(continuation)
                return false
            }
            if isIdle { continuation.resume() }
        }
    }
}

// MARK: - Writing

extension CallHistory {
    private static let batch = 512

    /// Writes until ``stop()``, and then what is left.
    func run() async {
        let upkeep = Task {
            while !Task.isCancelled {
                await keepInOrder()
                await surroundings.sleep(surroundings.upkeepInterval)
            }
        }
        for await _ in signals {
            await surroundings.sleep(surroundings.gathering)
            if await !writeAll() {
                await surroundings.sleep(surroundings.pause)
                signal.yield()
            }
        }
        upkeep.cancel()
        await writeTheRest()
    }

    /// Takes no more signals; ``run()`` writes what is there and returns.
    func stop() { signal.finish() }

    private func writeTheRest() async {
        let isDone = await writeAll()
        let lost = buffer.withLock { $0.count + ($0.dropped?.calls ?? 0) }
        if !isDone || lost > 0 { logger.warning("the history lacks calls", metadata: ["calls": "\(lost)"]) }
        try? await store.close()
    }

    /// - Returns: Whether all is written.
    private func writeAll() async -> Bool {
        while let batch = buffer.withLock({ $0.take(Self.batch) }) {
            let calls = await withMemorySizes(batch.calls)
            do throws(StoreError) {
                try await store.add(calls, missing: batch.gap)
                noteSuccess()
            } catch {
                noteFailure(error)
                for waiter in buffer.withLock({ $0.putBack(batch) }) { waiter.resume() }
                return false
            }
        }
        for waiter in buffer.withLock({ $0.takeWaiters() }) { waiter.resume() }
        return true
    }

    private func withMemorySizes(_ calls: [HistoryDetail]) async -> [HistoryDetail] {
        let memory = current.withLock { $0.memory }
        var calls = calls
        for index in calls.indices where calls[index].call.billDuration > 0 {
            calls[index].call.memorySize = await memory.memorySize(of: FunctionVersion(calls[index].call))
        }
        return calls
    }

    private func keepInOrder() async {
        do throws(StoreError) {
            try await store.expire()
            if buffer.withLock({ $0.isIdle }) { noteSuccess() }
        } catch {
            noteFailure(error)
        }
    }

    private func noteSuccess() {
        let ended = trouble.withLock { trouble in
            defer { trouble = nil }
            return trouble
        }
        guard let ended else { return }
        logger.notice("the history is written again", metadata: ["error": "\(ended.reason)"])
    }

    private func noteFailure(_ error: StoreError) {
        let isNew = trouble.withLock { trouble in
            let isNew = trouble?.reason != "\(error)"
            trouble = HistoryTrouble(reason: "\(error)", since: trouble?.since ?? surroundings.now())
            return isNew
        }
        buffer.withLock { $0.reasonForDropping = "\(error)" }
        if isNew { logger.error("the history cannot be written; calls go on", metadata: ["error": "\(error)"]) }
    }
}

/// Why the history lacks calls right now.
struct HistoryTrouble: Sendable, Equatable {
    /// What the store says.
    var reason: String
    /// Since when, in UNIX milliseconds.
    var since: Int
    /// Calls that wait to be written.
    var waiting = 0
    /// Calls that were dropped since.
    var dropped = 0
}
