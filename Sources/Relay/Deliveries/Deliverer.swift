// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import Logging
import Synchronization

/// Takes stored calls of one kind in their order and delivers them, so many at once, until it is told to stop.
///
/// An attempt is noted on disk before it begins, and its outcome before the next one may. Where the other side cannot be
/// reached at all, one call at a time finds out whether it can again, and the rest keeps its tries.
final class Deliverer: Sendable {
    /// What the deliverer needs of the world.
    struct Surroundings: Sendable {
        /// Waits; returns early where the task is cancelled.
        var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
        /// The monotonic clock.
        var now: @Sendable () -> Monotonic = { .now }
        /// From 0 up to 1.
        var random: @Sendable () -> Double = { .random(in: 0..<1) }
        /// What is due because of the time, or because another process has put it there, is found at this interval.
        var pollInterval: Duration = .seconds(1)
    }

    private let store: any Store
    private let kind: CallTarget.Kind
    private let delivery: any CallDelivery
    private let schedule: RetrySchedule
    private let atOnce: Int
    private let surroundings: Surroundings
    private let logger: Logger
    private let makeId: @Sendable () -> String
    private let running = Atomic(0)
    private let outage = Mutex(Outage())
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Creates a deliverer.
    ///
    /// - Parameters:
    ///   - store: Where the calls are.
    ///   - kind: Which of them are taken.
    ///   - delivery: Delivers one.
    ///   - schedule: When what failed is tried again.
    ///   - atOnce: Deliveries under way at once.
    ///   - logger: Gets one line for each attempt.
    ///   - surroundings: Time and chance.
    ///   - makeId: Makes ids that cannot be guessed.
    init(
        store: any Store, kind: CallTarget.Kind, delivery: any CallDelivery, schedule: RetrySchedule, atOnce: Int,
        logger: Logger, surroundings: Surroundings = Surroundings(),
        makeId: @escaping @Sendable () -> String = RequestId.random
    ) {
        self.store = store
        self.kind = kind
        self.delivery = delivery
        self.schedule = schedule
        self.atOnce = atOnce
        self.logger = logger
        self.surroundings = surroundings
        self.makeId = makeId
    }

    /// Something may be due.
    func wake() { signal.yield() }

    /// Begins no more deliveries; ``run()`` returns when those under way have ended.
    func stop() { signal.finish() }

    /// Delivers until ``stop()``. Cancelling the task breaks off what is under way; the outcome of that is noted too.
    func run() async {
        let clock = Task {
            while !Task.isCancelled {
                await surroundings.sleep(surroundings.pollInterval)
                wake()
            }
        }
        wake()
        await withDiscardingTaskGroup { group in
            for await _ in signals {
                for claim in await claim() {
                    group.addTask { await self.deliver(claim) }
                }
            }
        }
        clock.cancel()
    }

    private func claim() async -> [ClaimedCall] {
        let free = outage.withLock { $0.room(of: atOnce, now: surroundings.now()) } - running.load(ordering: .relaxed)
        guard free > 0 else { return [] }
        do throws(StoreError) {
            let claims = try await store.claim(kind, upTo: free)
            running.add(claims.count, ordering: .relaxed)
            return claims
        } catch {
            logger.error("no delivery can begin", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func deliver(_ claim: ClaimedCall) async {
        let delivered = await delivery.deliver(claim)
        noteOutage(delivered)
        let ending = delivered.result.ending(of: claim, schedule: schedule, random: surroundings.random())
            .followed(by: callback(delivered, claim.call))
        log(claim, ending)
        await finish(claim, ending)
        running.subtract(1, ordering: .relaxed)
        wake()
    }

    private func noteOutage(_ delivered: Delivered) {
        let (now, random) = (surroundings.now(), surroundings.random())
        outage.withLock { $0.note(delivered.isOutage, schedule: schedule, now: now, random: random) }
    }

    /// What has happened must be noted before the place is free for the next: a store that fails holds deliveries up, and
    /// where the process ends meanwhile, the outcome is unknown, which is then true.
    private func finish(_ claim: ClaimedCall, _ ending: AttemptEnding) async {
        var attempt = 1
        while true {
            do throws(StoreError) {
                return try await store.finish(claim, ending)
            } catch {
                logger.error("an outcome cannot be noted", metadata: ["call": "\(claim.call.id)", "error": "\(error)"])
                guard !Task.isCancelled else { return }
                await surroundings.sleep(
                    schedule.pause(afterAttempt: attempt, retryAfterSeconds: nil, random: surroundings.random()))
                attempt += 1
            }
        }
    }

    private func callback(_ delivered: Delivered, _ call: NewCall) -> NewCall? {
        guard let url = call.callback, let body = delivered.callbackBody else { return nil }
        return NewCall(
            id: makeId(), hook: call.hook, target: .callback(url: url), payload: body, idempotent: true)
    }

    private func log(_ claim: ClaimedCall, _ ending: AttemptEnding) {
        let level: Logger.Level = ending.state == .done ? .info : ending.state == .waiting ? .warning : .error
        logger.log(
            level: level, "delivery",
            metadata: [
                "call": "\(claim.call.id)", "hook": "\(claim.call.hook)", "attempt": "\(claim.attempt)",
                "code": "\(ending.outcome.code)", "state": "\(ending.state.rawValue)",
            ])
    }
}

extension AttemptEnding {
    /// The same, with what is sent on where the call is settled.
    fileprivate func followed(by next: NewCall?) -> AttemptEnding {
        switch self {
        case .done(let outcome, _): .done(outcome, followedBy: next)
        case .dead(let outcome, _): .dead(outcome, followedBy: next)
        case .again, .unknown: self
        }
    }
}
