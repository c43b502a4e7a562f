// SPDX-License-Identifier: Apache-2.0

/// Signs calls of the cloud's API with TC3-HMAC-SHA256.
///
/// An immutable value: share one among all tasks, make a new one when the credential changes. Signing costs
/// about two microseconds beside hashing the body, which is read once, where it stands.
///
/// ```swift
/// let signer = TC3Signer(credential: credential, host: "scf.tencentcloudapi.com")
/// let signature = signer.sign(.post, contentType: "application/json", body: body.span, timestamp: now)
/// // Send Authorization: signature.authorization and X-TC-Timestamp: signature.timestamp,
/// // and X-TC-Token where the credential has a token.
/// ```
public struct TC3Signer: Sendable {
    /// What it signs with.
    public let credential: Credential
    /// The `Host` header that is sent, with the port where that has one.
    public let host: String
    /// The product, as it stands in the credential scope.
    public let service: String

    private let keyOfTheDay = SigningKeyOfTheDay()

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - credential: What to sign with.
    ///   - host: The `Host` header that will be sent, without control characters.
    ///   - service: The product: the first label of the cloud's own host name.
    public init(credential: Credential, host: String, service: String = "scf") {
        self.credential = credential
        self.host = host
        self.service = service
    }

    /// Signs one call.
    ///
    /// Signed are Content-Type and Host, as all official SDKs do it, and `extraHeaders`.
    ///
    /// - Parameters:
    ///   - method: GET with its query, or POST.
    ///   - contentType: The Content-Type that is sent, without control characters.
    ///   - body: The body that is sent; empty for a GET.
    ///   - timestamp: Now, in UNIX seconds.
    ///   - extraHeaders: Other headers to cover, such as `X-TC-Action`. Each name once, not Content-Type or Host.
    ///   - unsignedPayload: Leave the body out; send `X-TC-Content-SHA256: UNSIGNED-PAYLOAD` with the call then.
    /// - Returns: What goes into the headers of the call.
    public func sign(
        _ method: TC3Method, contentType: String, body: Span<UInt8>, timestamp: Int,
        extraHeaders: [TC3Header] = [], unsignedPayload: Bool = false
    ) -> TC3Signature {
        let hasher = SHA256Hasher()
        let payloadHash = unsignedPayload ? hasher.hash(Self.unsignedPayload.span) : hasher.hash(body)
        return steps(
            method, contentType: contentType, payloadHash: payloadHash, timestamp: timestamp,
            extraHeaders: extraHeaders, hasher: hasher
        ).signature
    }

    /// Signs a POST whose body lies in several pieces, which follow one another.
    ///
    /// Parameters as in ``sign(_:contentType:body:timestamp:extraHeaders:unsignedPayload:)``.
    public func sign(
        contentType: String, pieces: [ArraySlice<UInt8>], timestamp: Int, extraHeaders: [TC3Header] = []
    ) -> TC3Signature {
        let hasher = SHA256Hasher()
        return steps(
            .post, contentType: contentType, payloadHash: hasher.hash(pieces: pieces), timestamp: timestamp,
            extraHeaders: extraHeaders, hasher: hasher
        ).signature
    }

    /// Signs one call and keeps every text on the way: to compare with another signer's, step by step.
    ///
    /// Parameters as in ``sign(_:contentType:body:timestamp:extraHeaders:unsignedPayload:)``. No text holds a secret,
    /// but that of a GET holds its query.
    public func explain(
        _ method: TC3Method, contentType: String, body: Span<UInt8>, timestamp: Int,
        extraHeaders: [TC3Header] = [], unsignedPayload: Bool = false
    ) -> TC3Explanation {
        let hasher = SHA256Hasher()
        let payloadHash = unsignedPayload ? hasher.hash(Self.unsignedPayload.span) : hasher.hash(body)
        let steps = steps(
            method, contentType: contentType, payloadHash: payloadHash, timestamp: timestamp,
            extraHeaders: extraHeaders, hasher: hasher)
        var scope: [UInt8] = []
        TC3Text.appendScope(date: UTCDate(timestamp: timestamp), service: service, to: &scope)
        return TC3Explanation(
            canonicalRequest: String(decoding: steps.canonicalRequest, as: UTF8.self),
            scope: String(decoding: scope, as: UTF8.self),
            stringToSign: String(decoding: steps.stringToSign, as: UTF8.self),
            signature: steps.signature)
    }

    private static let unsignedPayload = Array(TC3.unsignedPayload.utf8)

    private struct Steps {
        let canonicalRequest: [UInt8]
        let stringToSign: [UInt8]
        let signature: TC3Signature
    }

    private func steps(
        _ method: TC3Method, contentType: String, payloadHash: SHA256Digest, timestamp: Int,
        extraHeaders: [TC3Header], hasher: borrowing SHA256Hasher
    ) -> Steps {
        let date = UTCDate(timestamp: timestamp)
        let timestampText = String(timestamp)
        let headers = signedHeaders(contentType: contentType, extraHeaders: extraHeaders)
        let canonicalRequest = TC3Text.canonicalRequest(
            method: method.name, query: method.query, headers: headers, payloadHash: payloadHash)
        let stringToSign = TC3Text.stringToSign(
            timestamp: timestampText, date: date, service: service,
            canonicalRequestHash: hasher.hash(canonicalRequest.span))
        let key = keyOfTheDay.key(for: date) {
            SigningKey.derive(from: credential.secretKey, date: date, service: service, hasher: hasher)
        }
        let authorization = TC3Text.authorization(
            secretId: credential.secretId, date: date, service: service, headers: headers,
            signature: hasher.authenticate(stringToSign.span, key: key.span))
        return Steps(
            canonicalRequest: canonicalRequest, stringToSign: stringToSign,
            signature: TC3Signature(
                authorization: String(decoding: authorization, as: UTF8.self), timestamp: timestampText))
    }

    private func signedHeaders(contentType: String, extraHeaders: [TC3Header]) -> [TC3Header] {
        let usual = [TC3Header(name: "content-type", value: contentType), TC3Header(name: "host", value: host)]
        guard !extraHeaders.isEmpty else { return usual }
        return (usual + extraHeaders).sorted { $0.name < $1.name }
    }
}

/// What a signed call carries in its headers.
public struct TC3Signature: Sendable, Equatable {
    /// The value of `Authorization`.
    public let authorization: String
    /// The value of `X-TC-Timestamp`.
    public let timestamp: String
}

/// The texts on the way to a signature, as the API's documents name them.
public struct TC3Explanation: Sendable, Equatable {
    /// The call in canonical form; the body stands in it as its hash.
    public let canonicalRequest: String
    /// Date, service and terminator.
    public let scope: String
    /// What the key of the day signs.
    public let stringToSign: String
    /// The result.
    public let signature: TC3Signature
}
