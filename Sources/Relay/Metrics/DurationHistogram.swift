// SPDX-License-Identifier: Apache-2.0

/// How many calls took how long.
struct DurationHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets, each inclusive: from what the relay itself takes to what a function may. The last
    /// is the default of `cloud.timeoutSeconds`: what is over it has timed out.
    static let bounds: [Duration] = [
        .milliseconds(1), .microseconds(2500), .milliseconds(5), .milliseconds(10), .milliseconds(25),
        .milliseconds(50),
        .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500), .seconds(5),
        .seconds(10), .seconds(30), .seconds(60), .seconds(120), .seconds(310),
    ]

    /// Calls in each bucket and in none below it; the last are those over all bounds.
    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    /// The time of all together, exactly.
    private(set) var sum = Duration.zero

    /// All calls.
    var count: Int { counts.reduce(0, +) }

    mutating func note(_ duration: Duration) {
        let bucket = Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        counts[bucket] += 1
        sum += duration
    }

    static func += (left: inout DurationHistogram, right: DurationHistogram) {
        for bucket in left.counts.indices { left.counts[bucket] += right.counts[bucket] }
        left.sum += right.sum
    }
}
