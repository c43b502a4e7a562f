// SPDX-License-Identifier: Apache-2.0

/// Every step on the way to a TC3 signature, as text to be shown and compared.
///
/// The keys that are derived on the way sign for a whole day: this is for a key that is no secret, such as
/// ``Credential/publicExample``.
///
/// Source: <https://cloud.tencent.com/document/product/583/17239>.
public struct SigningSteps: Sendable, Equatable {
    /// Step 1: the call in canonical form; the body stands in it as its hash.
    public let canonicalRequest: String
    /// Step 2: what the key of the day signs. Its last line is the hash of step 1.
    public let stringToSign: String
    /// The UTC date of the timestamp, `YYYY-MM-DD`.
    public let date: String
    /// The product.
    public let service: String
    /// Step 3: HMAC of the date, with `TC3` + SecretKey. 64 hex digits, as all that follow.
    public let keyOfDate: String
    /// HMAC of the service, with the key of the date.
    public let keyOfService: String
    /// HMAC of `tc3_request`, with the key of the service: the key of the day.
    public let signingKey: String
    /// HMAC of the string to sign, with the key of the day.
    public let signature: String
    /// Step 4: the value of the header.
    public let authorization: String

    /// Signs a POST and keeps every step.
    ///
    /// - Parameters:
    ///   - credential: A key that may be shown.
    ///   - host: The host that is signed and sent.
    ///   - service: The product.
    ///   - contentType: The Content-Type that is signed and sent.
    ///   - body: The body.
    ///   - timestamp: UNIX seconds.
    public init(
        _ credential: Credential, host: String, service: String = "scf", contentType: String, body: [UInt8],
        timestamp: Int
    ) {
        let explanation = TC3Signer(credential: credential, host: host, service: service)
            .explain(.post, contentType: contentType, body: body.span, timestamp: timestamp)
        let date = UTCDate(timestamp: timestamp)
        let hasher = SHA256Hasher()
        let start = Array("TC3\(credential.secretKey.reveal())".utf8)
        let ofDate = hasher.authenticate(Array(date.text.utf8).span, key: start.span)
        let ofService = hasher.authenticate(Array(service.utf8).span, key: ofDate.span)
        let ofDay = SigningKey.derive(from: credential.secretKey, date: date, service: service, hasher: hasher)

        canonicalRequest = explanation.canonicalRequest
        stringToSign = explanation.stringToSign
        self.date = date.text
        self.service = service
        keyOfDate = Hex.text(ofDate)
        keyOfService = Hex.text(ofService)
        signingKey = Hex.text(ofDay)
        signature = Hex.text(hasher.authenticate(Array(explanation.stringToSign.utf8).span, key: ofDay.span))
        authorization = explanation.signature.authorization
    }
}

extension Credential {
    /// The key of the example in the cloud's documents (signature method v3). It opens nothing.
    public static let publicExample = Credential(
        secretId: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", secretKey: Secret("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"))
}

extension UTCDate {
    /// `YYYY-MM-DD`.
    var text: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension Hex {
    /// The 64 digits of a digest.
    static func text(_ digest: SHA256Digest) -> String {
        var text: [UInt8] = []
        append(digest, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
