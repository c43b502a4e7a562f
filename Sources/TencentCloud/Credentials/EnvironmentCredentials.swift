// SPDX-License-Identifier: Apache-2.0

/// Credentials from environment variables, named as the official SDKs name them.
///
/// The SDKs read no token from the environment; the name for it is this project's own.
public struct EnvironmentCredentials: CredentialSource {
    /// Holds the SecretId.
    public static let secretIdVariable = "TENCENTCLOUD_SECRET_ID"
    /// Holds the SecretKey.
    public static let secretKeyVariable = "TENCENTCLOUD_SECRET_KEY"
    /// Holds the token of temporary credentials; absent for permanent ones.
    public static let tokenVariable = "TENCENTCLOUD_SESSION_TOKEN"

    // Kept as secrets, so that a dump of this value shows none of them.
    private let secretId: String?
    private let secretKey: Secret?
    private let token: Secret?

    /// Takes what it needs from `environment`, usually `ProcessInfo.processInfo.environment`.
    public init(environment: [String: String]) {
        secretId = environment[Self.secretIdVariable]
        secretKey = environment[Self.secretKeyVariable].map(Secret.init)
        token = environment[Self.tokenVariable].map(Secret.init)
    }

    /// Whether there is anything to be found here, whole or not. Empty variables are none, as the SDKs see it.
    public var isSet: Bool {
        [secretId, secretKey?.reveal(), token?.reveal()].contains { $0.map { !$0.isEmpty } ?? false }
    }

    /// The credential that the variables hold.
    ///
    /// - Throws: `InvalidCredential` where a variable is absent, empty or malformed.
    public func credential() throws(CloudError) -> Credential {
        let place = "the environment"
        return Credential(
            secretId: try CredentialText.checkedSecretId(secretId, name: Self.secretIdVariable, place: place),
            secretKey: Secret(
                try CredentialText.checked(secretKey?.reveal(), name: Self.secretKeyVariable, place: place)),
            token: try checkedToken(place: place))
    }

    /// An absent token is fine; an empty or malformed one is a mistake that should be seen.
    private func checkedToken(place: String) throws(CloudError) -> Secret? {
        guard let token else { return nil }
        return Secret(try CredentialText.checked(token.reveal(), name: Self.tokenVariable, place: place))
    }
}
