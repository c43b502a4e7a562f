// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite struct RetryScheduleTests {
    let schedule = RetrySchedule()

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (10, 512), (11, 900), (1000, 900)])
    func pausesDoubleUpToABound(attempt: Int, seconds: Int) {
        #expect(schedule.pause(afterAttempt: attempt, retryAfterSeconds: nil, random: 0) == .seconds(seconds))
    }

    @Test func chanceTakesUpToHalfOfAPause() {
        #expect(schedule.pause(afterAttempt: 3, retryAfterSeconds: nil, random: 0.999_999) > .seconds(2))
        #expect(schedule.pause(afterAttempt: 3, retryAfterSeconds: nil, random: 0.5) == .seconds(3))
    }

    @Test(arguments: [(0, 1), (30, 30), (1_000_000_000, 86_400)])
    func whatTheOtherSideAsksForIsKeptUpToADay(retryAfter: Int, seconds: Int) {
        #expect(schedule.pause(afterAttempt: 1, retryAfterSeconds: retryAfter, random: 0) == .seconds(seconds))
    }

    @Test func givesUpWhatIsOldAndWasTriedOften() {
        #expect(!schedule.givesUp(attempt: 9, age: .seconds(1_000_000)))
        #expect(!schedule.givesUp(attempt: 1000, age: .seconds(259_199)))
        #expect(schedule.givesUp(attempt: 10, age: .seconds(259_200)))
    }
}
