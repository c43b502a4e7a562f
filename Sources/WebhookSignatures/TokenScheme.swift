// SPDX-License-Identifier: Apache-2.0

/// The secret itself in a header field, as GitLab sends it. It says who calls and nothing about the body, and is safe
/// only where TLS covers the whole way.
public struct TokenScheme: WebhookScheme {
    /// The header field.
    public var header: String

    /// Creates a scheme.
    public init(header: String) {
        self.header = header
    }

    /// `X-Gitlab-Token`.
    ///
    /// Source: <https://docs.gitlab.com/user/project/integrations/webhooks/#validate-payloads-by-using-a-secret-token>.
    public static let gitLab = TokenScheme(header: "X-Gitlab-Token")

    /// The field with the proof.
    public var headerFields: [String] { [header] }

    /// Checks a message.
    ///
    /// - Throws: ``WebhookRefusal``, for the log.
    public func verify(
        _ message: WebhookMessage, secrets: [WebhookSecret], now: Int
    ) throws(WebhookRefusal) -> String {
        let token = Array(try message.value(header).utf8)
        for secret in secrets where TokenComparison.areEqual(secret.bytes, token) { return secret.id }
        throw .noSecretFits
    }

    /// The fields that a sender adds.
    public func sign(
        _ body: ArraySlice<UInt8>, secret: WebhookSecret, id: String, now: Int
    ) -> [(name: String, value: String)]? {
        [(header, secret.text)]
    }
}
