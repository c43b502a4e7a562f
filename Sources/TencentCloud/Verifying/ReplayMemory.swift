// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Remembers which signatures have been used, as long as the clock would let them pass again.
///
/// The documents of v1 ask for a Nonce that is new in each call; what the cloud does about an old one is not known. Here
/// a call is the same call where SecretId, Timestamp and signature are the same: the signature stands for the Nonce and
/// everything else. Official clients may repeat a Nonce (the one for Node.js draws from 65,536), which harms nobody.
///
/// Only verified calls are remembered, so nobody without a key can fill the memory; and each SecretId has a room of its
/// own, so no caller can fill another's. Where the room is full further calls are refused: to forget would let what was
/// forgotten pass a second time.
public final class ReplayMemory: Sendable {
    private struct Room {
        /// By timestamp, so that what has expired is dropped a second's worth at a time.
        var bySecond: [Int: Set<SignatureFingerprint>] = [:]
        var count = 0
        var lastForgotten = Int.min
    }

    private let callsPerSecretId: Int
    private let rooms = Mutex<[String: Room]>([:])

    /// Creates a memory in which there is nothing yet.
    ///
    /// - Parameter callsPerSecretId: Calls of one SecretId to remember. They are remembered for the clock window, 300 seconds
    ///   for clients with a right clock: 262,144 calls are 870 in each second of it, and take about 10 MB. Calls over that
    ///   are refused until there is room again.
    public init(callsPerSecretId: Int = 262_144) {
        self.callsPerSecretId = callsPerSecretId
    }

    /// Notes that a signature is used now.
    ///
    /// - Throws: `AuthFailure.SignatureExpire` where it was used before; `RequestLimitExceeded` where there is no room.
    func use(_ verification: Verification, now: Int) throws(CloudError) {
        let refusal: SignatureRefusal? = rooms.withLock { rooms in
            var room = rooms.removeValue(forKey: verification.caller.secretId) ?? Room()
            defer { rooms[verification.caller.secretId] = room }
            Self.forget(olderThan: now - Claim.clockToleranceSeconds, in: &room)
            if room.bySecond[verification.timestamp]?.contains(verification.fingerprint) == true { return .repeated }
            guard room.count < callsPerSecretId else { return .tooManyToRemember }
            room.bySecond[verification.timestamp, default: []].insert(verification.fingerprint)
            room.count += 1
            return nil
        }
        if let refusal { throw refusal.error }
    }

    /// Drops what the clock refuses from now on. There are never more than 601 seconds to look at.
    private static func forget(olderThan oldest: Int, in room: inout Room) {
        guard oldest > room.lastForgotten else { return }
        room.lastForgotten = oldest
        for (second, used) in room.bySecond where second < oldest {
            room.count -= used.count
            room.bySecond[second] = nil
        }
    }

    /// Gives up the rooms in which nothing is left that could pass again, such as those of callers that are gone.
    public func tidyUp(now: Int) {
        rooms.withLock { rooms in
            for secretId in Array(rooms.keys) {
                guard var room = rooms.removeValue(forKey: secretId) else { continue }
                Self.forget(olderThan: now - Claim.clockToleranceSeconds, in: &room)
                if room.count > 0 { rooms[secretId] = room }
            }
        }
    }

    /// Calls that are remembered of a SecretId.
    func count(of secretId: String) -> Int { rooms.withLock { $0[secretId]?.count ?? 0 } }
}
