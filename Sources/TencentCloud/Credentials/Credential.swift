// SPDX-License-Identifier: Apache-2.0

/// What a call is signed with: a pair of SecretId and SecretKey, and the token of a temporary pair.
public struct Credential: Sendable, Equatable {
    /// Names the key; travels in the open with every call.
    public let secretId: String
    /// Signs; never travels.
    public let secretKey: Secret
    /// Travels as `X-TC-Token` with temporary credentials; `nil` for permanent ones.
    public let token: Secret?

    /// Takes a credential as it is. Texts from outside pass through a ``CredentialSource`` first, which checks them.
    public init(secretId: String, secretKey: Secret, token: Secret? = nil) {
        self.secretId = secretId
        self.secretKey = secretKey
        self.token = token
    }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible {
    /// The SecretId, and whether there is a token; no secret.
    public var description: String {
        token == nil ? "Credential(\(secretId))" : "Credential(\(secretId), with token)"
    }

    /// As ``description``.
    public var debugDescription: String { description }
}
