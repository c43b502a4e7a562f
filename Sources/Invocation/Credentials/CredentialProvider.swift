// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// Has the credential of the moment for whoever signs calls.
public protocol CredentialProvider: Sendable {
    /// The credential to sign a call with. It waits only where there is none that can be used.
    ///
    /// - Parameter now: The cloud's time as far as it is known, in UNIX seconds.
    /// - Returns: The credential with its number.
    /// - Throws: `InvalidCredential` where there is none.
    func current(at now: Int) async throws(CloudError) -> CurrentCredential
    /// What is known of it; `nil` where there is none.
    var state: CredentialState? { get }
}

/// A credential, and a number that tells it from the provider's others without a look at the secret.
public struct CurrentCredential: Sendable, Equatable {
    /// What to sign with.
    public let credential: Credential
    /// Changes whenever the credential does.
    public let version: Int

    /// Creates a credential with its number.
    public init(_ credential: Credential, version: Int) {
        self.credential = credential
        self.version = version
    }
}

/// A credential that stays the same: one from the environment or a file.
public struct FixedCredential: CredentialProvider {
    private let credential: Credential
    private let since = ContinuousClock.now

    /// Wraps a credential.
    public init(_ credential: Credential) {
        self.credential = credential
    }

    /// It is as old as this provider, and does not end.
    public var state: CredentialState? { CredentialState(age: ContinuousClock.now - since) }

    /// Always the same.
    public func current(at now: Int) -> CurrentCredential {
        CurrentCredential(credential, version: 0)
    }
}
