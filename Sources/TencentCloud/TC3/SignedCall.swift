// SPDX-License-Identifier: Apache-2.0

/// Carries a refusal to the one place that knows the caller's language.
struct Refused: Error {
    let refusal: TC3Refusal

    init(_ refusal: TC3Refusal) {
        self.refusal = refusal
    }
}

/// A call that claims to be signed: what its headers say, checked for form but not yet for truth.
struct SignedCall {
    let method: String
    let query: String
    let timestampText: String
    let timestamp: Int
    let authorization: Authorization
    let token: String?
    let asksForUnsignedPayload: Bool
    /// The signed headers other than Host, as they came, trimmed.
    private let headers: [TC3Header]
    private let wireHost: String

    /// Reads a call's headers.
    init(method: String, query: String, header: (String) -> String?) throws(Refused) {
        guard method == "GET" || method == "POST" else { throw Refused(.unsupportedProtocol) }
        for name in ["Action", "Version"] { _ = try Self.required("X-TC-\(name)", as: name, header: header) }
        let timestampText = try Self.required("X-TC-Timestamp", as: "Timestamp", header: header)
        let authorizationText = try Self.required("Authorization", as: "Authorization", header: header)
        guard let timestamp = Self.unixSeconds(timestampText) else { throw Refused(.malformedTimestamp) }
        guard let authorization = Authorization(authorizationText) else { throw Refused(.invalidAuthorization) }

        self.method = method
        self.query = query
        self.timestampText = timestampText
        self.timestamp = timestamp
        self.authorization = authorization
        headers = try Self.signedHeaders(authorization.signedHeaders, header: header)
        wireHost = headers.first { $0.name == "host" }?.value ?? ""
        token = header("X-TC-Token").flatMap { $0.isEmpty ? nil : $0 }
        asksForUnsignedPayload = header("X-TC-Content-SHA256") == TC3.unsignedPayload
    }

    /// Why the signature cannot be right, whatever the key; `nil` where it could be.
    var problem: String? {
        if method == "POST", !query.isEmpty { return "a POST with a query, which its signature cannot cover" }
        if HeaderText.hasControlCharacter(query) { return "a control character in the query" }
        var date: [UInt8] = []
        UTCDate(timestamp: timestamp).append(to: &date)
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

    /// Hosts that may have been signed: the one that was sent, the same without its port, the aliases.
    func hostCandidates(aliases: [String]) -> [String] {
        var candidates: [String] = []
        for host in [wireHost, Self.withoutPort(wireHost)] + aliases {
            for form in [host, HeaderText.lowercased(host)] where !candidates.contains(form) {
                candidates.append(form)
            }
        }
        return candidates
    }

    private static func required(
        _ field: String, as name: String, header: (String) -> String?
    ) throws(Refused) -> String {
        guard let value = header(field), !value.isEmpty else { throw Refused(.missingParameter(name: name)) }
        return value
    }

    /// One to ten digits, which reaches to the year 2286 and overflows nothing.
    private static func unixSeconds(_ text: String) -> Int? {
        guard (1...10).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    private static func signedHeaders(
        _ names: [String], header: (String) -> String?
    ) throws(Refused) -> [TC3Header] {
        guard names.contains("content-type"), names.contains("host") else { throw Refused(.invalidAuthorization) }
        var headers: [TC3Header] = []
        for name in names {
            guard let value = header(name), !HeaderText.hasControlCharacter(value) else {
                throw Refused(.invalidAuthorization)
            }
            headers.append(TC3Header(name: name, value: HeaderText.trimmed(value)))
        }
        return headers
    }

    /// Some clients, such as the one for Node.js, sign the name alone. An IPv6 address keeps its brackets.
    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return host }
        return String(host[..<colon])
    }
}
