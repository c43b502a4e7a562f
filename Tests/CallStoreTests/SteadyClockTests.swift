// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization
import Testing

@testable import CallStore

@Suite struct SteadyClockTests {
    @Test func goesOnFromItsStartWithTheMonotonicClock() {
        let tick = Tick()
        let clock = SteadyClock(start: 1_000_000, tick: { tick.now.withLock { Monotonic(nanoseconds: $0) } })
        #expect(clock.now == 1_000_000)
        tick.now.withLock { $0 += 2_500_000_000 }
        #expect(clock.now == 1_002_500)
    }

    private final class Tick: Sendable {
        let now = Mutex<Int64>(77)
    }
}
