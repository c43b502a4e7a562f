// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud

/// Bounds the calls that are under way at once, those that wait for their turn included.
final class InFlightGate: Sendable {
    private let bound: Atomic<Int>
    private let count = Atomic(0)
    private let highest = Atomic(0)
    private let refused = Atomic(0)

    init(limit: Int) {
        bound = Atomic(limit)
    }

    /// Calls that may be under way at once. Where it becomes less, those that are over it finish all the same.
    var limit: Int {
        get { bound.load(ordering: .relaxed) }
        set { bound.store(newValue, ordering: .relaxed) }
    }

    /// Calls under way now.
    var inFlight: Int { count.load(ordering: .relaxed) }

    /// The most calls that have been under way at once.
    var highestInFlight: Int { highest.load(ordering: .relaxed) }

    /// Calls that were refused.
    var refusedCalls: Int { refused.load(ordering: .relaxed) }

    /// Whether another call would be refused.
    var isFull: Bool { inFlight >= limit }

    /// Runs a call inside the bound.
    ///
    /// - Throws: `RequestLimitExceeded.InFlight` where there is no room, and whatever the call throws.
    func pass<Result>(
        _ call: () async throws(CloudError) -> Result
    ) async throws(CloudError) -> Result {
        guard enter() else {
            refused.add(1, ordering: .relaxed)
            throw CloudError(
                "RequestLimitExceeded.InFlight",
                "\(limit) calls are under way here, which is the limit. This one was not run; try again.",
                retryAfterSeconds: 1)
        }
        defer { count.subtract(1, ordering: .relaxed) }
        return try await call()
    }

    /// A call that is refused is never counted, so that it cannot get another one refused.
    private func enter() -> Bool {
        let limit = limit
        var current = inFlight
        while current < limit {
            let (entered, found) = count.weakCompareExchange(
                expected: current, desired: current + 1, ordering: .relaxed)
            if entered {
                noteHighest(current + 1)
                return true
            }
            current = found
        }
        return false
    }

    /// Looked at by each call and written by few: the highest is reached seldom.
    private func noteHighest(_ now: Int) {
        if now > highest.load(ordering: .relaxed) { highest.max(now, ordering: .relaxed) }
    }
}
