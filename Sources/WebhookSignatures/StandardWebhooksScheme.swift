// SPDX-License-Identifier: Apache-2.0

/// Standard Webhooks: `webhook-id`, `webhook-timestamp`, and a list of signatures over `{id}.{timestamp}.{body}` in
/// `webhook-signature`.
///
/// `v1` is HMAC-SHA256 with a secret `whsec_<base64>`; `v1a` is Ed25519, for which this side needs only the public key,
/// `whpk_<base64>`. A secret fits signatures of its own version alone.
///
/// Source: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.
public struct StandardWebhooksScheme: WebhookScheme {
    /// Seconds that the time of signing may be away from now, on either side.
    public var windowSeconds: Int

    static let idHeader = "webhook-id"
    static let timestampHeader = "webhook-timestamp"
    static let signatureHeader = "webhook-signature"
    /// Signatures that are looked at; a sender that exchanges secrets sends two.
    private static let maximumSignatures = 16

    /// Creates the scheme.
    public init(windowSeconds: Int = 300) {
        self.windowSeconds = windowSeconds
    }

    /// The field with the proof.
    public var headerFields: [String] { [Self.signatureHeader] }

    /// Checks a message.
    ///
    /// - Throws: ``WebhookRefusal``, for the log.
    public func verify(
        _ message: WebhookMessage, secrets: [WebhookSecret], now: Int
    ) throws(WebhookRefusal) -> String {
        let id = try message.value(Self.idHeader)
        let timestamp = try message.value(Self.timestampHeader)
        let signatures = try Self.signatures(in: try message.value(Self.signatureHeader))
        try Timestamp(timestamp, header: Self.timestampHeader).check(now: now, window: windowSeconds)
        let text = Self.signedText(id: id, timestamp: timestamp, body: message.body)
        for secret in secrets {
            guard let key = Key(secret) else { continue }
            for signature in signatures where key.made(signature, over: text) { return secret.id }
        }
        throw .noSecretFits
    }

    /// The fields that a sender adds.
    public func sign(
        _ body: ArraySlice<UInt8>, secret: WebhookSecret, id: String, now: Int
    ) -> [(name: String, value: String)]? {
        let text = Self.signedText(id: id, timestamp: String(now), body: body)
        guard let signature = Key(secret)?.sign(text) else { return nil }
        return [
            (Self.idHeader, id), (Self.timestampHeader, String(now)),
            (Self.signatureHeader, "\(signature.version),\(Base64.encode(signature.bytes))"),
        ]
    }

    /// What is wrong with a secret.
    public func problem(with secret: WebhookSecret) -> String? {
        guard let key = Key(secret) else {
            return "must be whsec_ and Base64, or whpk_ and the Base64 of a public Ed25519 key"
        }
        guard case .shared(let bytes) = key, bytes.count < 24 else { return nil }
        return "holds \(bytes.count) bytes; Standard Webhooks asks for at least 24"
    }

    private struct Signature {
        let version: String
        let bytes: [UInt8]
    }

    /// Versions that a later specification may bring are passed over.
    private static func signatures(in value: String) throws(WebhookRefusal) -> [Signature] {
        let malformed = WebhookRefusal.malformed(signatureHeader, expected: "a list of v1,<base64>")
        var signatures: [Signature] = []
        for item in value.split(separator: " ", omittingEmptySubsequences: false) {
            guard let comma = item.firstIndex(of: ","), let bytes = Base64.decode(item[item.index(after: comma)...]),
                isVersion(item[..<comma]), !bytes.isEmpty, signatures.count < maximumSignatures
            else { throw malformed }
            signatures.append(Signature(version: String(item[..<comma]), bytes: bytes))
        }
        return signatures
    }

    /// `v1`, `v1a`, and what may come.
    private static func isVersion(_ text: Substring) -> Bool {
        text.first == "v" && text.count > 1
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
    }

    private static func signedText(id: String, timestamp: String, body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        (Array("\(id).\(timestamp).".utf8) + body)[...]
    }
}

extension StandardWebhooksScheme {
    /// A secret, decoded.
    private enum Key {
        case shared([UInt8])
        case publicKey([UInt8])

        init?(_ secret: WebhookSecret) {
            let text = secret.text
            if text.hasPrefix("whpk_") {
                guard let bytes = Base64.decode(text.dropFirst(5), needsPadding: false), bytes.count == 32 else {
                    return nil
                }
                self = .publicKey(bytes)
            } else {
                // The official libraries take a secret without its prefix as well.
                let encoded = text.hasPrefix("whsec_") ? text.dropFirst(6) : text[...]
                guard let bytes = Base64.decode(encoded, needsPadding: false), !bytes.isEmpty else { return nil }
                self = .shared(bytes)
            }
        }

        func made(_ signature: Signature, over text: ArraySlice<UInt8>) -> Bool {
            switch self {
            case .shared(let key):
                signature.version == "v1" && areEqual(HashFunction.sha256.authenticate(text, key: key), signature.bytes)
            case .publicKey(let key):
                signature.version == "v1a" && Ed25519.isSignature(signature.bytes, of: text, publicKey: key)
            }
        }

        func sign(_ text: ArraySlice<UInt8>) -> Signature? {
            guard case .shared(let key) = self else { return nil }
            return Signature(version: "v1", bytes: HashFunction.sha256.authenticate(text, key: key))
        }
    }
}
