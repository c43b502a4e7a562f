// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud

/// Signs with the credential of the moment. As long as that stays, so does the signer, and with it the key of the day,
/// which costs more to derive than a small call costs to sign.
final class CurrentSigner: Sendable {
    private let credentials: any CredentialProvider
    private let host: String
    /// Locked to be looked at or replaced, never while something is signed.
    private let kept = Mutex<(version: Int, signer: TC3Signer)?>(nil)

    init(credentials: any CredentialProvider, host: String) {
        self.credentials = credentials
        self.host = host
    }

    /// The signer for a call.
    ///
    /// - Parameter now: The cloud's time, in UNIX seconds.
    /// - Returns: The same one as long as the credential stays.
    /// - Throws: `InvalidCredential` where there is no credential.
    func signer(at now: Int) async throws(CloudError) -> TC3Signer {
        let current = try await credentials.current(at: now)
        return kept.withLock { kept in
            if let kept, kept.version == current.version { return kept.signer }
            let signer = TC3Signer(credential: current.credential, host: host)
            kept = (current.version, signer)
            return signer
        }
    }
}
