// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization
import TencentCloud
import Testing

@testable import Relay

/// Calls that go through a pacer on a simulated clock, and when each of them started.
final class PacedCalls: Sendable {
    enum Outcome: Equatable, Sendable {
        /// When, in time since the first moment of the clock.
        case started(Duration)
        case refused(retryAfterSeconds: Int?)
        case cancelled
    }

    let clock = SimulatedClock()
    let pacer: Pacer
    private let begin: Monotonic
    private let state = Mutex((arrived: 0, outcomes: [Int: Outcome]()))

    init(perSecond: Int, longestWait: Duration) {
        begin = clock.now
        pacer = Pacer(perSecond: perSecond, longestWait: longestWait, now: { [clock] in clock.now }) { [clock] in
            await clock.sleep($0)
        }
    }

    var elapsed: Duration { clock.now - begin }

    /// What came of each call, in the order of arrival; `nil` for those that wait.
    var outcomes: [Outcome?] { state.withLock { state in (0..<state.arrived).map { state.outcomes[$0] } } }

    /// Lets a call arrive, and waits until it has started, was refused or waits.
    @discardableResult
    func arrive() async -> Task<Void, Never> {
        let task = launch()
        await settle()
        return task
    }

    /// Lets a call arrive; also one whose caller has left by then.
    @discardableResult
    func launch(cancelled: Bool = false) -> Task<Void, Never> {
        let index = state.withLock { state in
            defer { state.arrived += 1 }
            return state.arrived
        }
        return Task {
            if cancelled { withUnsafeCurrentTask { $0?.cancel() } }
            let outcome: Outcome
            do throws(CloudError) {
                try await pacer.takeTurn()
                outcome = .started(elapsed)
            } catch {
                outcome =
                    error.code == "RequestLimitExceeded"
                    ? .refused(retryAfterSeconds: error.retryAfterSeconds) : .cancelled
            }
            state.withLock { $0.outcomes[index] = outcome }
        }
    }

    /// Waits until nothing happens any more before the clock moves.
    func settle() async {
        await eventually("the calls come to rest") {
            let waiting = pacer.waitingCalls
            let settled = state.withLock { $0.outcomes.count + waiting == $0.arrived }
            return settled && (waiting == 0 || clock.hasSleeper)
        }
    }

    /// Moves the clock step by step, so that everything starts at its own time.
    func run(until elapsed: Duration) async {
        let end = begin + elapsed
        while let wake = clock.nextWake, wake <= end {
            clock.move(to: wake)
            await settle()
        }
        clock.move(to: end)
    }
}
