// SPDX-License-Identifier: Apache-2.0

/// HTTP's own ways: `Authorization: Bearer TOKEN` (RFC 6750) or `Authorization: Basic base64(NAME:PASSWORD)` (RFC 7617).
/// They say who calls and nothing about the body, and are safe only where TLS covers the whole way.
public enum AuthorizationScheme: String, WebhookScheme, CaseIterable {
    /// The secret is the token.
    case bearer
    /// The secret is `NAME:PASSWORD`.
    case basic

    private static let header = "Authorization"

    /// The field with the proof.
    public var headerFields: [String] { [Self.header] }

    /// The `WWW-Authenticate` of a refusal: programs that wait for it before they send a password need it.
    public var challenge: String {
        switch self {
        case .bearer: "Bearer"
        case .basic: "Basic realm=\"webhook\", charset=\"UTF-8\""
        }
    }

    /// Checks a message.
    ///
    /// - Throws: ``WebhookRefusal``, for the log.
    public func verify(
        _ message: WebhookMessage, secrets: [WebhookSecret], now: Int
    ) throws(WebhookRefusal) -> String {
        let given = try credentials(in: try message.value(Self.header))
        for secret in secrets where TokenComparison.areEqual(secret.bytes, given) { return secret.id }
        throw .noSecretFits
    }

    /// The fields that a sender adds.
    public func sign(
        _ body: ArraySlice<UInt8>, secret: WebhookSecret, id: String, now: Int
    ) -> [(name: String, value: String)]? {
        switch self {
        case .bearer: [(Self.header, "Bearer \(secret.text)")]
        case .basic: [(Self.header, "Basic \(Base64.encode(secret.bytes))")]
        }
    }

    /// What is wrong with a secret.
    public func problem(with secret: WebhookSecret) -> String? {
        switch self {
        case .bearer:
            return TokenScheme(header: Self.header).problem(with: secret)
        case .basic:
            guard let colon = secret.bytes.firstIndex(of: UInt8(ascii: ":")) else { return "must be NAME:PASSWORD" }
            let password = secret.bytes.count - colon - 1
            return password >= 8 ? nil : "has a password of \(password) bytes; at least 8 are needed"
        }
    }

    /// The scheme's name may be in any case (RFC 9110, section 11.1); one space follows it.
    private func credentials(in value: String) throws(WebhookRefusal) -> [UInt8] {
        let malformed = WebhookRefusal.malformed(Self.header, expected: "\(rawValue) and credentials")
        guard let space = value.firstIndex(of: " "), value[..<space].lowercased() == rawValue else { throw malformed }
        let credentials = value[value.index(after: space)...]
        guard self == .basic else { return Array(credentials.utf8) }
        guard let decoded = Base64.decode(credentials) else { throw malformed }
        return decoded
    }
}
