// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// Which failed calls may be made again: only those that provably did not start, and only a few times.
///
/// A call that timed out or broke off may have run its function; making it again could run it twice.
struct RetryRule: Sendable {
    /// Tries in all, the first included.
    var attempts = 3
    /// The pause before the second try; each further one is twice as long.
    var firstPause: Duration = .milliseconds(200)

    enum Failure: Equatable {
        /// No byte of the request left this machine.
        case neverSent
        /// The cloud refused it before looking at the function.
        case refused(ErrorCode)
        /// Anything else.
        case other
    }

    /// The pause before the next try, after so many tries; `nil` where there must be none.
    func pause(after failure: Failure, attempt: Int) -> Duration? {
        guard attempt < attempts else { return nil }
        switch failure {
        case .neverSent: return firstPause * (1 << (attempt - 1))
        case .refused(let code) where code.belongs(to: "RequestLimitExceeded"):
            // The cloud counts by the second.
            return .seconds(1) * (1 << (attempt - 1))
        case .refused, .other: return nil
        }
    }
}
