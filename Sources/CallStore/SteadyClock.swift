// SPDX-License-Identifier: Apache-2.0

public import EventLoop
import Glibc

/// The time of day as this process believes it: read once at the start, and from then on carried forward by the monotonic
/// clock. Whoever sets the machine's clock meanwhile makes nothing wait for hours and nothing expire early.
public struct SteadyClock: Sendable {
    private let start: Int
    private let startTick: Monotonic
    private let tick: @Sendable () -> Monotonic

    /// Creates a clock.
    ///
    /// - Parameters:
    ///   - start: The time of day now, in UNIX milliseconds.
    ///   - tick: The monotonic clock.
    public init(start: Int = Self.timeOfDay, tick: @escaping @Sendable () -> Monotonic = { .now }) {
        self.start = start
        self.tick = tick
        startTick = tick()
    }

    /// UNIX milliseconds.
    public var now: Int { start + Int((tick().nanoseconds - startTick.nanoseconds) / 1_000_000) }

    /// The machine's clock, in UNIX milliseconds.
    public static var timeOfDay: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
