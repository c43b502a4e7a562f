// SPDX-License-Identifier: Apache-2.0

/// Who made a verified call, and how it was signed.
public struct VerifiedCaller: Sendable, Equatable {
    /// The SecretId.
    public let secretId: String
    /// Which of the SecretId's credentials it was signed with: an index into what the lookup returned.
    public let credentialIndex: Int
    /// How it was signed.
    public let algorithm: SignatureAlgorithm
    /// The service in a TC3 credential scope; `nil` with v1, which has none. Several SDKs write `127` for an endpoint
    /// such as `127.0.0.1:9000`.
    public let service: String?
    /// Whether the signature covers the body.
    public let payloadIsSigned: Bool

    /// Describes a caller whose signature was verified.
    public init(
        secretId: String, credentialIndex: Int = 0, algorithm: SignatureAlgorithm = .tc3, service: String? = nil,
        payloadIsSigned: Bool = true
    ) {
        self.secretId = secretId
        self.credentialIndex = credentialIndex
        self.algorithm = algorithm
        self.service = service
        self.payloadIsSigned = payloadIsSigned
    }
}
