// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud

/// The cloud's time, as far as it is known: this machine's, corrected once the cloud has called a signature expired.
final class CloudClock: Sendable {
    /// A difference that the cloud tolerates anyway is no reason to sign again.
    private static let smallestCorrection = 60

    private let localNow: @Sendable () -> Int
    private let offset = Atomic(0)

    init(now: @escaping @Sendable () -> Int) {
        localNow = now
    }

    /// UNIX seconds.
    var now: Int { localNow() + offset.load(ordering: .relaxed) }

    /// Takes the cloud's time from an answer that calls our signature expired.
    ///
    /// - Parameters:
    ///   - failure: The answer.
    ///   - timestamp: What the call was signed with. Other calls may have corrected the clock since.
    /// - Returns: Whether signing again makes sense.
    func corrects(_ failure: CallFailure, signedAt timestamp: Int) -> Bool {
        guard failure.error.code == "AuthFailure.SignatureExpire", let date = failure.date,
            let seconds = HTTPDate.seconds(date), abs(seconds - timestamp) >= Self.smallestCorrection
        else { return false }
        offset.store(seconds - localNow(), ordering: .relaxed)
        return true
    }
}
