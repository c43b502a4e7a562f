// SPDX-License-Identifier: Apache-2.0

/// Verifies calls that are signed with HmacSHA1 or HmacSHA256, as the cloud does.
///
/// Order of the checks and texts are those of ``TC3Verifier``. That a call is new is for ``CallVerifier`` to say.
public struct V1Verifier: Sendable {
    private let hostAliases: [String]
    private let credentials: @Sendable (_ secretId: String) -> [Credential]

    /// Creates a verifier.
    ///
    /// - Parameters:
    ///   - hostAliases: Names that clients may sign instead of the `Host` they send.
    ///   - credentials: The credentials of a SecretId: none where it is unknown, several while a key is replaced.
    public init(
        hostAliases: [String] = [], credentials: @escaping @Sendable (_ secretId: String) -> [Credential]
    ) {
        self.hostAliases = hostAliases
        self.credentials = credentials
    }

    /// Verifies one call.
    ///
    /// - Parameters:
    ///   - method: `GET` or `POST`.
    ///   - host: The `Host` header.
    ///   - parameters: Everything in the query of a GET or the body of a POST.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: Who called.
    /// - Throws: The cloud's code and text.
    public func verify(
        method: String, host: String, parameters: FormParameters, now: Int
    ) throws(CloudError) -> VerifiedCaller {
        try verification(method: method, host: host, parameters: parameters, hasMore: false, now: now).caller
    }

    /// `hasMore` tells that the call has a query or a body beside the parameters, which no signature covers.
    func verification(
        method: String, host: String, parameters: FormParameters, hasMore: Bool, now: Int
    ) throws(CloudError) -> Verification {
        let call = try V1Call(method: method, host: host, parameters: parameters)
        let known = credentials(call.claim.secretId)
        try call.claim.checkTime(now: now, isKnown: !known.isEmpty)
        let problem = hasMore ? "a query beside the form, or a body beside the query: not signed" : call.problem
        let matches =
            problem == nil ? matchingCredentials(among: Claim.candidates(known: known), call: call) : []
        let index = try call.claim.credentialIndex(among: known, matches: matches, detail: problem ?? detail(of: call))
        let caller = VerifiedCaller(
            secretId: call.claim.secretId, credentialIndex: index, algorithm: .v1(call.algorithm))
        let fingerprint = SHA256Hasher().hash(Array(call.signature.utf8).span)
        return Verification(
            caller: caller, timestamp: call.claim.timestamp, fingerprint: SignatureFingerprint(fingerprint.span))
    }

    /// The indices of the credentials that the signature was made with.
    private func matchingCredentials(among candidates: [Credential], call: V1Call) -> [Int] {
        let hosts = HostCandidates.of(call.host, aliases: hostAliases)
        let stringsToSign = call.texts().flatMap { text in hosts.map(text.stringToSign) }
        return candidates.indices.filter { index in
            stringsToSign.contains {
                let code = call.algorithm.authenticate($0.span, key: candidates[index].secretKey)
                return !code.isEmpty && Secret(Base64.encode(code)).matches(call.signature)
            }
        }
    }

    /// What an operator needs to find the mistake; no parameter is in it.
    private func detail(of call: V1Call) -> String {
        let hosts = HostCandidates.of(call.host, aliases: hostAliases).joined(separator: ", ")
        return "no match for \(call.method) with \(call.algorithm.rawValue) and host \(hosts)"
    }
}
