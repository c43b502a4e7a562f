// SPDX-License-Identifier: Apache-2.0

/// When a delivery that failed is tried again, and when it is given up.
///
/// The pause doubles from try to try up to a bound, and a random part of it, up to half, is left out, so that calls which
/// failed together do not come back together.
struct RetrySchedule: Sendable, Equatable {
    /// The pause after the first try.
    var firstPause: Duration = .seconds(1)
    /// The longest pause that this side chooses.
    var longestPause: Duration = .seconds(15 * 60)
    /// The longest pause that the other side may ask for.
    var longestRetryAfter: Duration = .seconds(24 * 3600)
    /// A call is given up when it is older than this…
    var giveUpAfter: Duration = .seconds(72 * 3600)
    /// …and was tried so often: a clock that jumps ahead gives up nothing.
    var leastAttempts = 10

    /// The pause after a try.
    ///
    /// - Parameters:
    ///   - attempt: Which try it was, from 1.
    ///   - retryAfterSeconds: What the other side has asked for.
    ///   - random: From 0 up to 1.
    /// - Returns: The pause.
    func pause(afterAttempt attempt: Int, retryAfterSeconds: Int?, random: Double) -> Duration {
        let longest = min(longestPause, firstPause * (1 << min(max(attempt - 1, 0), 30)))
        let chosen = longest * (1 - random / 2)
        guard let retryAfterSeconds else { return chosen }
        return max(chosen, min(.seconds(retryAfterSeconds), longestRetryAfter))
    }

    /// Whether a call is given up that failed again.
    func givesUp(attempt: Int, age: Duration) -> Bool {
        attempt >= leastAttempts && age >= giveUpAfter
    }
}
