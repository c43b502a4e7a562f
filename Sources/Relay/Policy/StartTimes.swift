// SPDX-License-Identifier: Apache-2.0

import EventLoop

/// When the last calls started, and from that, when further ones may: in no second more than `perSecond`.
struct StartTimes {
    private var perSecond: Int
    /// The last `perSecond` starts. Once full, the oldest is overwritten first.
    private var times: [Monotonic] = []
    private var oldest = 0

    /// - Parameter perSecond: Calls that may start in any second; at least 1.
    init(perSecond: Int) {
        self.perSecond = perSecond
    }

    /// The earliest time at which a call may start, when `others` calls start before it: a second after the one that is
    /// `perSecond` before it.
    func earliest(after others: Int) -> Monotonic {
        guard times.count + others >= perSecond else { return Monotonic(nanoseconds: .min) }
        let (seconds, place) = (others + times.count - perSecond).quotientAndRemainder(dividingBy: perSecond)
        // Not one of the calls to count from has started yet.
        guard place < times.count else { return Monotonic(nanoseconds: .min) }
        return times[(oldest + place) % times.count] + .seconds(1 + seconds)
    }

    /// Holds to another rate from now on, what has started included: the last second is not forgotten.
    mutating func change(perSecond: Int) {
        // In the order of time, so that the oldest is overwritten first again.
        times = Array((times[oldest...] + times[..<oldest]).suffix(perSecond))
        oldest = 0
        self.perSecond = perSecond
    }

    /// Notes that as many calls as may have started, where it is not known which have.
    mutating func fill(at time: Monotonic) {
        times = [Monotonic](repeating: time, count: perSecond)
        oldest = 0
    }

    /// Notes that a call starts.
    mutating func record(_ time: Monotonic) {
        if times.count < perSecond { return times.append(time) }
        times[oldest] = time
        oldest = (oldest + 1) % perSecond
    }
}
