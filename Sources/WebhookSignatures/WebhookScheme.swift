// SPDX-License-Identifier: Apache-2.0

/// A way of telling that a message comes from whom it should: what a sender signs, and where it puts the signature.
///
/// Schemes are pure: bytes in, verdict or header fields out. The time is given, nothing is read or kept.
public protocol WebhookScheme: Sendable {
    /// The header fields that prove who sent a message. They are worth as much as the secret, and go no further.
    var headerFields: [String] { get }

    /// Checks a message before anything of it is parsed.
    ///
    /// - Parameters:
    ///   - message: The body as it came, byte for byte, and the header.
    ///   - secrets: Any one of them will do, so that a new one can be brought in before the old one goes.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The `id` of the secret that fits.
    /// - Throws: ``WebhookRefusal``. It is for the log: whoever sent the message must not learn it.
    func verify(_ message: WebhookMessage, secrets: [WebhookSecret], now: Int) throws(WebhookRefusal) -> String

    /// The header fields that a sender adds to a message.
    ///
    /// - Parameters:
    ///   - body: The body, as it will be sent.
    ///   - secret: What to sign with.
    ///   - id: The id of the message, for schemes that have one.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: `nil` where the secret can verify and not sign: the public key of a pair.
    func sign(
        _ body: ArraySlice<UInt8>, secret: WebhookSecret, id: String, now: Int
    ) -> [(name: String, value: String)]?

    /// Says what is wrong with a secret, in words that follow "the secret"; `nil` where it will do.
    func problem(with secret: WebhookSecret) -> String?
}

extension WebhookScheme {
    /// Secrets shorter than this can be found by trying them out: whoever sees one signed message may try at leisure.
    public static var minimumSecretBytes: Int { 16 }

    /// Most schemes take any text that is long enough.
    public func problem(with secret: WebhookSecret) -> String? {
        secret.bytes.count >= Self.minimumSecretBytes
            ? nil : "has \(secret.bytes.count) bytes; at least \(Self.minimumSecretBytes) are needed"
    }
}
