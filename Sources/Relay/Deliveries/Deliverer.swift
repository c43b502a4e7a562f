// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import Invocation
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

    /// How calls are delivered. A call is delivered in the way that held when it was claimed.
    struct Way: Sendable {
        /// Delivers one call.
        var delivery: any CallDelivery
        /// When what failed is tried again.
        var schedule = RetrySchedule()
        /// Deliveries under way at once.
        var atOnce: Int
    }

    private let store: any DeliveryStore
    private let kind: CallTarget.Kind
    private let way: Mutex<Way?>
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
    ///   - way: How they are delivered; `nil` where that is said later, before which none is taken.
    ///   - logger: Gets one line for each attempt.
    ///   - surroundings: Time and chance.
    ///   - makeId: Makes ids that cannot be guessed.
    init(
        store: any DeliveryStore, kind: CallTarget.Kind, way: Way? = nil, logger: Logger,
        surroundings: Surroundings = Surroundings(),
        makeId: @escaping @Sendable () -> String = RequestId.random
    ) {
        self.store = store
        self.kind = kind
        self.way = Mutex(way)
        self.logger = logger
        self.surroundings = surroundings
        self.makeId = makeId
    }

    /// Delivers in another way from now on.
    func change(to way: Way) {
        self.way.withLock { $0 = way }
        wake()
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
                guard let way = way.withLock({ $0 }) else { continue }
                for claim in await claim(way) {
                    group.addTask { await self.deliver(claim, way) }
                }
            }
        }
        clock.cancel()
    }

    private func claim(_ way: Way) async -> [ClaimedCall] {
        let room = outage.withLock { $0.room(of: way.atOnce, now: surroundings.now()) }
        let free = room - running.load(ordering: .relaxed)
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

    private func deliver(_ claim: ClaimedCall, _ way: Way) async {
        let delivered = await way.delivery.deliver(claim)
        noteOutage(delivered, way.schedule)
        let ending = delivered.result.ending(of: claim, schedule: way.schedule, random: surroundings.random())
            .followed(by: callback(delivered, claim.call))
        log(claim, ending)
        await finish(claim, ending, way.schedule)
        running.subtract(1, ordering: .relaxed)
        wake()
    }

    private func noteOutage(_ delivered: Delivered, _ schedule: RetrySchedule) {
        let (now, random) = (surroundings.now(), surroundings.random())
        outage.withLock { $0.note(delivered.isOutage, schedule: schedule, now: now, random: random) }
    }

    /// What has happened must be noted before the place is free for the next: a store that fails holds deliveries up, and
    /// where the process ends meanwhile, the outcome is unknown, which is then true.
    private func finish(_ claim: ClaimedCall, _ ending: AttemptEnding, _ schedule: RetrySchedule) async {
        var attempt = 1
        while true {
            do throws(StoreError) {
                return try await store.finish(claim, ending)
            } catch {
                logger.error(
                    "an outcome cannot be noted", metadata: Self.names(of: claim).merging(["error": "\(error)"]) { $1 })
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
            id: makeId(), hook: call.hook, target: .callback(url: url), payload: body, idempotent: true,
            trace: call.trace)
    }

    private func log(_ claim: ClaimedCall, _ ending: AttemptEnding) {
        let level: Logger.Level = ending.state == .done ? .info : ending.state == .waiting ? .warning : .error
        let outcome: Logger.Metadata = [
            "hook": "\(claim.call.hook)", "attempt": "\(claim.attempt)", "code": "\(ending.outcome.code)",
            "state": "\(ending.state.rawValue)",
        ]
        logger.log(level: level, "delivery", metadata: Self.names(of: claim).merging(outcome) { $1 })
    }

    /// A delivery is a request of its own, whose id is that of the call.
    private static func names(of claim: ClaimedCall) -> Logger.Metadata {
        [
            "requestId": "\(claim.call.id)", "call": "\(claim.call.id)",
            "traceId": "\(TraceContext(of: claim.call).traceId)",
        ]
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
