// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud

/// Bounds the calls that are under way at once, those that wait for their turn included.
final class InFlightGate: Sendable {
    private let limit: Int
    private let count = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Calls under way now.
    var inFlight: Int { count.load(ordering: .relaxed) }

    /// Whether another call would be refused.
    var isFull: Bool { inFlight >= limit }

    /// Runs a call inside the bound.
    ///
    /// - Throws: `RequestLimitExceeded.InFlight` where there is no room, and whatever the call throws.
    func pass<Result>(
        _ call: () async throws(CloudError) -> Result
    ) async throws(CloudError) -> Result {
        guard enter() else {
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
        var current = inFlight
        while current < limit {
            let (entered, found) = count.weakCompareExchange(
                expected: current, desired: current + 1, ordering: .relaxed)
            if entered { return true }
            current = found
        }
        return false
    }
}
