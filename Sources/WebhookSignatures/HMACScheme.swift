// SPDX-License-Identifier: Apache-2.0

/// One HMAC in one header field: what GitHub, Slack, Grafana, CODING and most others do, each part to be chosen.
public struct HMACScheme: WebhookScheme {
    /// The header field that holds the signature.
    public var header: String
    /// The hash function.
    public var algorithm: HashFunction
    /// How the signature is written.
    public var encoding: SignatureEncoding
    /// What stands before it, such as `sha256=`.
    public var prefix: String
    /// The header field with the message's id, where that is signed.
    public var idHeader: String?
    /// The header field with the time of signing, where that is signed.
    public var timestampHeader: String?
    /// What is signed.
    public var signedText: SignedText
    /// Seconds that the time of signing may be away from now, on either side.
    public var windowSeconds: Int

    /// Creates a scheme. Without the last four, the body alone is signed.
    public init(
        header: String, algorithm: HashFunction, encoding: SignatureEncoding, prefix: String = "",
        idHeader: String? = nil, timestampHeader: String? = nil, signedText: SignedText = .body,
        windowSeconds: Int = 300
    ) {
        self.header = header
        self.algorithm = algorithm
        self.encoding = encoding
        self.prefix = prefix
        self.idHeader = idHeader
        self.timestampHeader = timestampHeader
        self.signedText = signedText
        self.windowSeconds = windowSeconds
    }

    /// The field with the proof.
    public var headerFields: [String] { [header] }

    /// Checks a message.
    ///
    /// - Throws: ``WebhookRefusal``, for the log.
    public func verify(
        _ message: WebhookMessage, secrets: [WebhookSecret], now: Int
    ) throws(WebhookRefusal) -> String {
        let code = try code(in: try message.value(header))
        let id = try value(idHeader, of: message)
        let timestamp = try value(timestampHeader, of: message)
        if let timestampHeader {
            try Timestamp(timestamp, header: timestampHeader).check(now: now, window: windowSeconds)
        }
        let text = signedText.filled(id: id, timestamp: timestamp, body: message.body)
        for secret in secrets where areEqual(algorithm.authenticate(text, key: secret.bytes), code) { return secret.id }
        throw .noSecretFits
    }

    /// The fields that a sender adds.
    public func sign(
        _ body: ArraySlice<UInt8>, secret: WebhookSecret, id: String, now: Int
    ) -> [(name: String, value: String)]? {
        let text = signedText.filled(id: id, timestamp: String(now), body: body)
        var fields = [(name: header, value: prefix + encoding.encode(algorithm.authenticate(text, key: secret.bytes)))]
        if let idHeader { fields.append((idHeader, id)) }
        if let timestampHeader { fields.append((timestampHeader, String(now))) }
        return fields
    }

    private func value(_ header: String?, of message: WebhookMessage) throws(WebhookRefusal) -> String {
        guard let header else { return "" }
        return try message.value(header)
    }

    private func code(in value: String) throws(WebhookRefusal) -> [UInt8] {
        guard value.hasPrefix(prefix), let code = encoding.decode(value.dropFirst(prefix.count)),
            code.count == algorithm.byteCount
        else {
            throw .malformed(header, expected: "'\(prefix)' and \(algorithm.byteCount) bytes in \(encoding.rawValue)")
        }
        return code
    }
}

extension HMACScheme {
    /// `X-Hub-Signature-256: sha256=<hex>` over the body.
    ///
    /// Source: <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>.
    public static let gitHub = HMACScheme(
        header: "X-Hub-Signature-256", algorithm: .sha256, encoding: .hex, prefix: "sha256=")

    /// `X-Slack-Signature: v0=<hex>` over `v0:{timestamp}:{body}`.
    ///
    /// Source: <https://docs.slack.dev/authentication/verifying-requests-from-slack>.
    public static let slack = HMACScheme(
        header: "X-Slack-Signature", algorithm: .sha256, encoding: .hex, prefix: "v0=",
        timestampHeader: "X-Slack-Request-Timestamp",
        signedText: SignedText([.literal("v0:"), .timestamp, .literal(":"), .body]))

    /// `X-Coding-Signature: sha1=<hex>` over the body.
    ///
    /// Source: <https://coding.net/help/docs/project-settings/open/webhook.html>.
    public static let coding = HMACScheme(
        header: "X-Coding-Signature", algorithm: .sha1, encoding: .hex, prefix: "sha1=")

    /// `X-Grafana-Alerting-Signature: <hex>` over the body, or over `{timestamp}:{body}` where Grafana is told to send a
    /// timestamp.
    ///
    /// Source: <https://grafana.com/docs/grafana/latest/alerting/contact-points/notifiers/webhook-notifier>.
    public static func grafana(timestampHeader: String?) -> HMACScheme {
        HMACScheme(
            header: "X-Grafana-Alerting-Signature", algorithm: .sha256, encoding: .hex,
            timestampHeader: timestampHeader,
            signedText: timestampHeader == nil ? .body : SignedText([.timestamp, .literal(":"), .body]))
    }
}
