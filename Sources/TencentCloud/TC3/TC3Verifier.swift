// SPDX-License-Identifier: Apache-2.0

/// Verifies calls that are signed with TC3-HMAC-SHA256, as the cloud does.
///
/// It looks at the call as it came over the wire: raw query, raw body, header values untouched. Every official client
/// encodes differently, so what was decoded and encoded again verifies for none of them.
///
/// The official clients differ in which host they sign and whether Content-Type is lower-cased. The verifier tries the
/// few forms there are; the signature has to match one of them.
public struct TC3Verifier: Sendable {
    private let hostAliases: [String]
    private let acceptsUnsignedPayload: Bool
    private let credentials: @Sendable (_ secretId: String) -> [Credential]

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - hostAliases: Names that clients may sign instead of the `Host` they send, such as `scf.tencentcloudapi.com`
    ///     from SDKs that go through a gateway.
    ///   - acceptsUnsignedPayload: Whether `X-TC-Content-SHA256: UNSIGNED-PAYLOAD` is honoured. Nothing binds the body
    ///     to the signature then.
    ///   - credentials: The credentials of a SecretId: none where it is unknown, several while a key is replaced.
    public init(
        hostAliases: [String] = [], acceptsUnsignedPayload: Bool = false,
        credentials: @escaping @Sendable (_ secretId: String) -> [Credential]
    ) {
        self.hostAliases = hostAliases
        self.acceptsUnsignedPayload = acceptsUnsignedPayload
        self.credentials = credentials
    }

    /// Verifies one call.
    ///
    /// The order of the checks: method, required common parameters, form of Authorization, SecretId, time, signature,
    /// token. What the call asks for is for others to check, after this.
    ///
    /// - Parameters:
    ///   - method: The HTTP method.
    ///   - query: The query as sent, without the `?`. It must be empty for a POST, whose signature does not cover it.
    ///   - body: The body as sent.
    ///   - now: The time, in UNIX seconds.
    ///   - header: Looks a header up, whatever the case of its name.
    /// - Returns: Who called.
    /// - Throws: The cloud's code and text.
    public func verify(
        method: String, query: String, body: Span<UInt8>, now: Int, header: (_ name: String) -> String?
    ) throws(CloudError) -> VerifiedCaller {
        try verification(method: method, query: query, body: body, now: now, header: header).caller
    }

    func verification(
        method: String, query: String, body: Span<UInt8>, now: Int, header: (_ name: String) -> String?
    ) throws(CloudError) -> Verification {
        let call = try TC3Call(method: method, query: query, header: header)
        let known = credentials(call.claim.secretId)
        try call.claim.checkTime(now: now, isKnown: !known.isEmpty)
        let matches = matchingCredentials(among: Claim.candidates(known: known), call: call, body: body)
        let index = try call.claim.credentialIndex(among: known, matches: matches, detail: detail(of: call))
        let caller = VerifiedCaller(
            secretId: call.claim.secretId, credentialIndex: index, algorithm: .tc3,
            service: call.authorization.service, payloadIsSigned: !call.asksForUnsignedPayload)
        return Verification(
            caller: caller, timestamp: call.claim.timestamp,
            fingerprint: SignatureFingerprint(call.authorization.signature.span))
    }

    /// The indices of the credentials that the signature was made with.
    private func matchingCredentials(among candidates: [Credential], call: TC3Call, body: Span<UInt8>) -> [Int] {
        guard problem(of: call) == nil else { return [] }
        let hasher = SHA256Hasher()
        let payloadHash =
            call.asksForUnsignedPayload ? hasher.hash(Array(TC3.unsignedPayload.utf8).span) : hasher.hash(body)
        let date = UTCDate(timestamp: call.claim.timestamp)
        let stringsToSign = call.headerForms(hostAliases: hostAliases).map { headers in
            let canonicalRequest = TC3Text.canonicalRequest(
                method: call.method, query: call.query, headers: headers, payloadHash: payloadHash)
            return TC3Text.stringToSign(
                timestamp: call.timestampText, date: date, service: call.authorization.service,
                canonicalRequestHash: hasher.hash(canonicalRequest.span))
        }
        return candidates.indices.filter { index in
            let key = SigningKey.derive(
                from: candidates[index].secretKey, date: date, service: call.authorization.service, hasher: hasher)
            return stringsToSign.contains {
                constantTimeEqual(hasher.authenticate($0.span, key: key.span), call.authorization.signature)
            }
        }
    }

    /// Why no signature would do, whatever the key; `nil` where one could.
    private func problem(of call: TC3Call) -> String? {
        if call.asksForUnsignedPayload, !acceptsUnsignedPayload { return "UNSIGNED-PAYLOAD is not accepted here" }
        return call.problem
    }

    /// What an operator needs to find the mistake; neither payload nor query is in it.
    private func detail(of call: TC3Call) -> String {
        if let problem = problem(of: call) { return problem }
        let hosts = call.hostCandidates(aliases: hostAliases).joined(separator: ", ")
        return "no match for service \(call.authorization.service) with host \(hosts)"
    }
}
