// SPDX-License-Identifier: Apache-2.0

/// `Stripe-Signature: t=<seconds>,v1=<hex>[,v1=<hex>…]`: HMAC-SHA256 over `{timestamp}.{body}`.
///
/// While a secret is being exchanged, Stripe signs with both and sends two `v1`. Other elements, such as `v0`, are of
/// test events and mean nothing here.
///
/// Source: <https://docs.stripe.com/webhooks#verify-manually>.
public struct StripeScheme: WebhookScheme {
    /// Seconds that the time of signing may be away from now, on either side.
    public var windowSeconds: Int

    static let header = "Stripe-Signature"
    /// Signatures that are looked at; Stripe sends one or two.
    private static let maximumSignatures = 16

    /// Creates the scheme.
    public init(windowSeconds: Int = 300) {
        self.windowSeconds = windowSeconds
    }

    /// The field with the proof.
    public var headerFields: [String] { [Self.header] }

    /// Checks a message.
    ///
    /// - Throws: ``WebhookRefusal``, for the log.
    public func verify(
        _ message: WebhookMessage, secrets: [WebhookSecret], now: Int
    ) throws(WebhookRefusal) -> String {
        let (timestamp, codes) = try Self.elements(of: try message.value(Self.header))
        try Timestamp(timestamp, header: Self.header).check(now: now, window: windowSeconds)
        for secret in secrets {
            let right = Self.code(message.body, secret, timestamp: String(timestamp))
            for code in codes where areEqual(right, code) { return secret.id }
        }
        throw .noSecretFits
    }

    /// The fields that a sender adds.
    public func sign(
        _ body: ArraySlice<UInt8>, secret: WebhookSecret, id: String, now: Int
    ) -> [(name: String, value: String)]? {
        let code = Self.code(body, secret, timestamp: String(now))
        return [(Self.header, "t=\(now),v1=\(SignatureEncoding.hex.encode(code))")]
    }

    private static func elements(of value: String) throws(WebhookRefusal) -> (timestamp: Substring, codes: [[UInt8]]) {
        let malformed = WebhookRefusal.malformed(header, expected: "t=<seconds>,v1=<64 hexadecimal digits>")
        var timestamp: Substring?
        var codes: [[UInt8]] = []
        for element in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let equals = element.firstIndex(of: "=") else { throw malformed }
            let text = element[element.index(after: equals)...]
            switch element[..<equals] {
            case "t":
                guard timestamp == nil else { throw .repeated("t in \(header)") }
                timestamp = text
            case "v1":
                guard let code = SignatureEncoding.hex.decode(text), code.count == 32,
                    codes.count < maximumSignatures
                else { throw malformed }
                codes.append(code)
            case let name where !name.isEmpty && name.utf8.allSatisfy(isNameCharacter): continue
            default: throw malformed
            }
        }
        guard let timestamp, !codes.isEmpty else { throw malformed }
        return (timestamp, codes)
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func code(_ body: ArraySlice<UInt8>, _ secret: WebhookSecret, timestamp: String) -> [UInt8] {
        HashFunction.sha256.authenticate((Array(timestamp.utf8) + [UInt8(ascii: ".")] + body)[...], key: secret.bytes)
    }
}
