// SPDX-License-Identifier: Apache-2.0

/// A call that claims to be signed with TC3: what its headers say, checked for form but not yet for truth.
struct TC3Call {
    let method: String
    let query: String
    let timestampText: String
    let authorization: Authorization
    let claim: Claim
    let asksForUnsignedPayload: Bool
    /// The signed headers other than Host, as they came, trimmed.
    private let headers: [TC3Header]
    private let wireHost: String

    /// Reads a call's headers.
    init(method: String, query: String, header: (String) -> String?) throws(CloudError) {
        guard method == "GET" || method == "POST" else { throw SignatureRefusal.unsupportedProtocol.error }
        for name in ["Action", "Version"] { _ = try Self.required("X-TC-\(name)", as: name, header: header) }
        let timestampText = try Self.required("X-TC-Timestamp", as: "Timestamp", header: header)
        let authorizationText = try Self.required("Authorization", as: "Authorization", header: header)
        guard let timestamp = Claim.unixSeconds(timestampText) else { throw SignatureRefusal.malformedTimestamp.error }
        guard let authorization = Authorization(authorizationText) else {
            throw SignatureRefusal.invalidAuthorization.error
        }

        self.method = method
        self.query = query
        self.timestampText = timestampText
        self.authorization = authorization
        claim = Claim(secretId: authorization.secretId, timestamp: timestamp, token: header("X-TC-Token"))
        headers = try Self.signedHeaders(authorization.signedHeaders, header: header)
        wireHost = headers.first { $0.name == "host" }?.value ?? ""
        asksForUnsignedPayload = header("X-TC-Content-SHA256") == TC3.unsignedPayload
    }

    /// Why the signature cannot be right, whatever the key; `nil` where it could be.
    var problem: String? {
        if method == "POST", !query.isEmpty { return "a POST with a query, which its signature cannot cover" }
        if HeaderText.hasControlCharacter(query) { return "a control character in the query" }
        var date: [UInt8] = []
        UTCDate(timestamp: claim.timestamp).append(to: &date)
        return date == authorization.date ? nil : "the scope's date is not the UTC date of X-TC-Timestamp"
    }

    /// The forms in which official clients sign these headers, the most likely first.
    func headerForms(hostAliases: [String]) -> [[TC3Header]] {
        let hosts = hostCandidates(aliases: hostAliases)
        // Documents: every value in lower case. SDKs: Content-Type as it is.
        let asSent = headers.map { $0.name == "content-type" ? $0 : TC3Header($0.name, $0.value) }
        let lowerCase = headers.map { TC3Header($0.name, $0.value) }
        let forms = asSent == lowerCase ? [asSent] : [asSent, lowerCase]
        return forms.flatMap { form in
            hosts.map { host in form.map { $0.name == "host" ? TC3Header(name: "host", value: host) : $0 } }
        }
    }

    /// Hosts that may have been signed.
    func hostCandidates(aliases: [String]) -> [String] {
        HostCandidates.of(wireHost, aliases: aliases)
    }

    private static func required(
        _ field: String, as name: String, header: (String) -> String?
    ) throws(CloudError) -> String {
        guard let value = header(field), !value.isEmpty else {
            throw SignatureRefusal.missingParameter(name: name).error
        }
        return value
    }

    private static func signedHeaders(
        _ names: [String], header: (String) -> String?
    ) throws(CloudError) -> [TC3Header] {
        guard names.contains("content-type"), names.contains("host") else {
            throw SignatureRefusal.invalidAuthorization.error
        }
        var headers: [TC3Header] = []
        for name in names {
            guard let value = header(name), !HeaderText.hasControlCharacter(value) else {
                throw SignatureRefusal.invalidAuthorization.error
            }
            headers.append(TC3Header(name: name, value: HeaderText.trimmed(value)))
        }
        return headers
    }
}
