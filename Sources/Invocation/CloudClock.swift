// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud

/// The cloud's time, as far as it is known: this machine's, corrected once the cloud has called a signature expired and
/// has taken the next one, which was made with its own time.
public final class CloudClock: Sendable {
    /// A difference that the cloud tolerates anyway is no reason to sign again.
    private static let smallestCorrection = 60

    /// What one answer says about the clock. It holds for the call that got it, until ``adopt(_:)``.
    struct Correction {
        fileprivate let offset: Int
    }

    private let localNow: @Sendable () -> Int
    private let offset = Atomic(0)

    /// - Parameter now: This machine's time, in UNIX seconds.
    public init(now: @escaping @Sendable () -> Int) {
        localNow = now
    }

    /// Seconds that the cloud's clock is ahead of this machine's; negative where it is behind, 0 as long as the cloud has
    /// not objected.
    public var offsetSeconds: Int { offset.load(ordering: .relaxed) }

    /// UNIX seconds.
    func now(_ correction: Correction? = nil) -> Int {
        localNow() + (correction?.offset ?? offset.load(ordering: .relaxed))
    }

    /// Takes the cloud's time from an answer that calls our signature expired.
    ///
    /// - Parameters:
    ///   - failure: The answer.
    ///   - timestamp: What the call was signed with. Other calls may have corrected the clock since.
    /// - Returns: `nil` where signing again makes no sense.
    func correction(after failure: CallFailure, signedAt timestamp: Int) -> Correction? {
        guard failure.callsSignatureExpired, let date = failure.date, let seconds = HTTPDate.seconds(date),
            abs(seconds - timestamp) >= Self.smallestCorrection
        else { return nil }
        return Correction(offset: seconds - localNow())
    }

    /// Keeps a correction for all calls: the cloud has taken a signature that was made with it. A date that does not
    /// lead to that is somebody else's, and may not spoil a clock that is right.
    func adopt(_ correction: Correction?) {
        guard let correction else { return }
        offset.store(correction.offset, ordering: .relaxed)
    }
}
