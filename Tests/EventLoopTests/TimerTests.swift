// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Testing

/// Holds a timer on its loop, where alone it may be touched.
private actor Clock {
    private let loop: EventLoop
    private var timers: [LoopTimer] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop) {
        self.loop = loop
    }

    func add(_ body: @escaping @Sendable () -> Void) -> Int {
        timers.append(loop.makeTimer(body))
        return timers.count - 1
    }

    func set(_ index: Int, _ deadlines: Monotonic?...) {
        for deadline in deadlines { timers[index].deadline = deadline }
    }

    func isSet(_ index: Int) -> Bool { timers[index].deadline != nil }
}

@Suite(.timeLimit(.minutes(5)))
struct TimerTests {
    let loop: EventLoop
    private let clock: Clock

    init() throws {
        loop = try EventLoop()
        clock = Clock(loop: loop)
    }

    @Test func aTimerFiresOnceForEachTimeItIsSet() async {
        let count = Shared(0)
        let fired = Signal()
        let timer = await clock.add {
            count.change { $0 += 1 }
            fired.give()
        }
        await loop.turn()
        #expect(count.current == 0)
        await clock.set(timer, .now + .milliseconds(1))
        await fired.wait()
        #expect(await !clock.isSet(timer))
        await loop.turn()
        #expect(count.current == 1)
        await clock.set(timer, .now + .seconds(-5))
        await fired.wait()
        await loop.turn()
        #expect(count.current == 2)
    }

    @Test func aTimerDoesNotFireBeforeItsTime() async {
        let fired = Signal()
        let firedAt = Shared(Monotonic(nanoseconds: 0))
        let timer = await clock.add {
            firedAt.change { $0 = .now }
            fired.give()
        }
        let deadline = Monotonic.now + .microseconds(20_300)
        await clock.set(timer, deadline)
        await fired.wait()
        #expect(firedAt.current >= deadline)
    }

    @Test func theLastSettingCounts() async {
        let fired = Shared<[Int]>([])
        let done = Signal()
        var timers: [Int] = []
        for index in 0..<4 {
            timers.append(
                await clock.add {
                    fired.change { $0.append(index) }
                    if index == 3 { done.give() }
                })
        }
        await clock.set(timers[0], .now, nil)  // unset
        await clock.set(timers[1], .now, .now + .seconds(3600))  // put off
        await clock.set(timers[2], .now + .seconds(3600), .now)  // brought forward
        await clock.set(timers[3], .now + .milliseconds(20))
        await done.wait()
        #expect(fired.current == [2, 3])
        #expect(await clock.isSet(timers[1]))
    }

    static let farAway: [Duration] = [
        .seconds(400 * 86_400),
        .seconds(9_223_372_036),
        .seconds(Int64.max),
        Duration(secondsComponent: 9_223_372_036, attosecondsComponent: 999_999_999_999_999_999),
        Duration(secondsComponent: .max, attosecondsComponent: 999_999_999_999_999_999),
    ]

    @Test(arguments: farAway)
    func aFarDeadlineNeitherFiresNorOverflows(_ duration: Duration) async {
        let deadline = Monotonic.now + duration
        #expect(deadline > .now)
        let far = Shared(0)
        let fired = Signal()
        let farTimer = await clock.add { far.change { $0 += 1 } }
        await clock.set(farTimer, deadline)
        await loop.turn()
        // The loop still serves nearer ones.
        let near = await clock.add { fired.give() }
        await clock.set(near, .now + .milliseconds(1))
        await fired.wait()
        #expect(far.current == 0)
        await clock.set(farTimer, nil)
    }

    @Test func aTimerMaySetItselfAndMakeOthers() async {
        let count = Shared(0)
        let fired = Signal()
        let loop = loop
        let clock = clock
        let timer = await clock.add {
            guard
                count.change({
                    $0 += 1; return $0
                }) < 5
            else { return fired.give() }
            loop.makeTimer { clock.assumeIsolated { $0.set(0, .now) } }.deadline = .now
        }
        #expect(timer == 0)
        await clock.set(timer, .now)
        await fired.wait()
        #expect(count.current == 5)
    }

    @Test func pointsInTimeAddUp() {
        let point = Monotonic(nanoseconds: 1_000_000_000)
        #expect((point + .milliseconds(5)).nanoseconds == 1_005_000_000)
        #expect((point + .nanoseconds(1)).nanoseconds == 1_000_000_001)
        #expect((point + .seconds(-2)).nanoseconds == -1_000_000_000)
        #expect((point + .seconds(Int64.max)).nanoseconds == .max)
        #expect((point + .seconds(Int64.min)).nanoseconds == .min)
        #expect((point + .seconds(5)) - point == .seconds(5))
        #expect(point - (point + .seconds(5)) == .seconds(-5))
        #expect(Monotonic(nanoseconds: .max) - Monotonic(nanoseconds: .min) > .seconds(18_446_744_073))
        #expect(point < point + .nanoseconds(1))
        #expect(Monotonic.now <= Monotonic.now)
    }
}
