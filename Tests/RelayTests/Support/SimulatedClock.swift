// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization

/// A clock that stands still until a test moves it.
final class SimulatedClock: Sendable {
    private struct State {
        var nanoseconds: Int64 = 1_000_000_000
        var sleepers: [(wakesAt: Int64, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var now: Monotonic { Monotonic(nanoseconds: state.withLock { $0.nanoseconds }) }

    /// Whether somebody waits for the clock to move.
    var hasSleeper: Bool { state.withLock { !$0.sleepers.isEmpty } }

    func sleep(_ duration: Duration) async {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                let time = Monotonic(nanoseconds: state.nanoseconds) + duration
                state.sleepers.append((time.nanoseconds, continuation))
            }
        }
    }

    /// When the next sleeper wakes.
    var nextWake: Monotonic? {
        state.withLock { state in state.sleepers.map(\.wakesAt).min() }.map { Monotonic(nanoseconds: $0) }
    }

    /// Moves the clock, and wakes whoever has slept until then.
    func move(to time: Monotonic) {
        let woken = state.withLock { state in
            state.nanoseconds = max(state.nanoseconds, time.nanoseconds)
            let now = state.nanoseconds
            defer { state.sleepers.removeAll { $0.wakesAt <= now } }
            return state.sleepers.filter { $0.wakesAt <= now }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }
}
