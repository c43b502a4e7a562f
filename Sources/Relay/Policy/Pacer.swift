// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization
import TencentCloud

/// Keeps calls under the cloud's rate: in no second do more than `perSecond` of them start.
///
/// A burst starts at once; what is over it waits its turn, first come, first served; and whoever would wait longer than
/// `longestWait` is told at once, and when to come back.
final class Pacer: Sendable {
    private struct State {
        var starts: StartTimes
        var longestWait: Duration
        var waiting: [Waiter] = []
        var lastId: UInt64 = 0
        var isTicking = false
    }

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Outcome, Never>
    }

    /// What comes of waiting for a turn.
    private enum Outcome {
        case turn
        case refused(CloudError)
    }

    private let rate: Atomic<Int>
    private let now: @Sendable () -> Monotonic
    private let sleep: @Sendable (Duration) async -> Void
    private let state: Mutex<State>

    /// Creates a pacer.
    ///
    /// - Parameters:
    ///   - perSecond: Calls that may start in any second; 0 for no pacing.
    ///   - longestWait: How long a call may wait for its turn.
    ///   - now: The time.
    ///   - sleep: Waits.
    init(
        perSecond: Int, longestWait: Duration, now: @escaping @Sendable () -> Monotonic = { .now },
        sleep: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
    ) {
        rate = Atomic(perSecond)
        self.now = now
        self.sleep = sleep
        state = Mutex(State(starts: StartTimes(perSecond: max(1, perSecond)), longestWait: longestWait))
    }

    /// Calls that may start in any second; 0 for no pacing.
    var perSecond: Int { rate.load(ordering: .relaxed) }

    /// Paces differently from now on. What has started counts, so that the change itself lets no more calls start; and
    /// those that wait go on waiting, be it longer, in their order.
    func change(perSecond: Int, longestWait: Duration) {
        state.withLock { state in
            state.longestWait = longestWait
            let previous = rate.exchange(perSecond, ordering: .relaxed)
            guard perSecond > 0, perSecond != previous else { return }
            state.starts.change(perSecond: perSecond)
            // What has started unpaced is not known.
            if previous == 0 { state.starts.fill(at: now()) }
        }
        startDue()
    }

    /// Calls that wait now.
    var waitingCalls: Int { state.withLock { $0.waiting.count } }

    /// Returns when it is this call's turn.
    ///
    /// - Throws: `RequestLimitExceeded` where that would take too long; `ClientError.Cancelled` where the caller leaves
    ///   while waiting, in which case the turn goes to the next.
    func takeTurn() async throws(CloudError) {
        guard perSecond > 0, let id = takeFreeTurn() else { return }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(Waiter(id: id, continuation: $0)) }
        } onCancel: {
            leave(id)
        }
        if case .refused(let error) = outcome { throw error }
    }

    /// - Returns: `nil` where the call starts at once, else the id to wait with.
    private func takeFreeTurn() -> UInt64? {
        state.withLock { state in
            // The time is read under the lock, so that starts are noted in their order.
            let time = now()
            if state.waiting.isEmpty, earliestStart(after: 0, state) <= time {
                state.starts.record(time)
                return nil
            }
            state.lastId += 1
            return state.lastId
        }
    }

    private func wait(_ waiter: Waiter) {
        var mustTick = false
        let refusal: CloudError? = state.withLock { state in
            // Whoever cancels sets this first and then calls `leave`, which needs the lock: none is missed.
            if Task.isCancelled { return Self.cancelled }
            let latest = now() + state.longestWait
            let start = earliestStart(after: state.waiting.count, state)
            guard start <= latest else { return tooBusy(start - latest) }
            state.waiting.append(waiter)
            mustTick = !state.isTicking
            state.isTicking = true
            return nil
        }
        if let refusal { waiter.continuation.resume(returning: .refused(refusal)) }
        if mustTick { Task { await tick() } }
    }

    private func leave(_ id: UInt64) {
        let waiter = state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: .refused(Self.cancelled))
    }

    /// Lets those who wait start, one after the other, until none is left.
    private func tick() async {
        while let pause = startNext() { await sleep(pause) }
    }

    /// - Returns: Time until the next may start; `nil` where none waits.
    private func startNext() -> Duration? {
        startDue()
        return state.withLock { state in
            state.isTicking = !state.waiting.isEmpty
            return state.isTicking ? max(.zero, earliestStart(after: 0, state) - now()) : nil
        }
    }

    private func startDue() {
        let starting = state.withLock { state in
            let time = now()
            var count = 0
            while count < state.waiting.count, earliestStart(after: 0, state) <= time {
                state.starts.record(time)
                count += 1
            }
            defer { state.waiting.removeFirst(count) }
            return state.waiting.prefix(count)
        }
        for waiter in starting { waiter.continuation.resume(returning: .turn) }
    }

    private func earliestStart(after others: Int, _ state: State) -> Monotonic {
        perSecond > 0 ? state.starts.earliest(after: others) : Monotonic(nanoseconds: .min)
    }

    private func tooBusy(_ excess: Duration) -> CloudError {
        CloudError(
            "RequestLimitExceeded",
            "More than \(perSecond) calls a second. This one was not run; try again after the time in Retry-After.",
            retryAfterSeconds: Int(max(1, excess.wholeSecondsRoundedUp)))
    }

    private static let cancelled = CloudError(
        "ClientError.Cancelled", "The caller went away while waiting.", httpStatus: 499)
}

extension Duration {
    fileprivate var wholeSecondsRoundedUp: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}
