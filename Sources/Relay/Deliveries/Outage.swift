// SPDX-License-Identifier: Apache-2.0

import EventLoop

/// Whether the other side can be reached at all. While it cannot, one call after the other finds out whether it can again,
/// with growing pauses, so that the rest of the queue does not use up its tries and nobody is flooded at the end.
struct Outage: Sendable {
    /// The longest time until the end of an outage is noticed.
    static let longestPause = Duration.seconds(30)

    private var failures = 0
    private var next = Monotonic(nanoseconds: .min)

    /// How many calls may be under way, of so many at other times.
    func room(of usual: Int, now: Monotonic) -> Int {
        if failures == 0 { return usual }
        return now >= next ? 1 : 0
    }

    /// Notes how a call fared.
    mutating func note(_ isOutage: Bool, schedule: RetrySchedule, now: Monotonic, random: Double) {
        guard isOutage else { return failures = 0 }
        // Those that were under way together tell the same thing.
        guard failures == 0 || now >= next else { return }
        failures += 1
        let pause = schedule.pause(afterAttempt: failures, retryAfterSeconds: nil, random: random)
        next = now + min(pause, Self.longestPause)
    }
}
