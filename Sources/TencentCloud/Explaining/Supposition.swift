// SPDX-License-Identifier: Apache-2.0

/// A text that a client may have signed: the right one, or one with a common mistake in it. A key tells whether it was.
public struct Supposition: Sendable {
    /// What is different from the right text.
    public enum Difference: Sendable, Equatable {
        /// Nothing: the signature would be right.
        case none
        /// Another host was signed than was sent.
        case host(String)
        /// Another Content-Type was signed than was sent.
        case contentType(String)
        /// Header values were signed as they are, not in lower case.
        case headerCase
        /// The empty line after the headers was left out.
        case noEmptyLine
        /// The body was signed with other white space, line ends, or a line feed at its end.
        case bodySpacing
        /// The hash of nothing was signed in place of the body's.
        case emptyBody
        /// The body was signed as UNSIGNED-PAYLOAD, without the header that says so.
        case unsignedPayload
        /// The body's hash was written in upper case.
        case upperCaseHash
        /// The query was signed in another form.
        case query(String)
        /// The date of another day was signed.
        case date(String)
        /// Another product was signed than the scope names.
        case service(String)
        /// The chain of keys began with SecretKey, without `TC3` before it.
        case noKeyPrefix
        /// The path was signed as nothing.
        case emptyPath
    }

    /// What is different.
    public let difference: Difference
    let text: CanonicalText

    /// The canonical request.
    public var canonicalRequest: String { text.canonicalRequest }
    /// The string to sign.
    public var stringToSign: String { text.stringToSign }
    /// What the key of the day is derived from, in its order, after `keyPrefix` and SecretKey.
    public var keySteps: [String] { [text.date, text.service, TC3.terminator] }
    /// What stands before SecretKey.
    public var keyPrefix: String { text.keyPrefix }
}

extension Supposition {
    /// The right text, and each that differs in one thing.
    static func all(_ right: CanonicalText, _ request: PastedRequest, _ authorization: Authorization) -> [Supposition] {
        var all = [Supposition(difference: .none, text: right)]
        func add(_ difference: Difference, _ change: (inout CanonicalText) -> Void) {
            var text = right
            change(&text)
            if !all.contains(where: { $0.text == text }) { all.append(Supposition(difference: difference, text: text)) }
        }
        for host in hosts(request) { add(.host(host)) { $0.set("host", to: host) } }
        for type in contentTypes(request) { add(.contentType(type)) { $0.set("content-type", to: type) } }
        add(.headerCase) { text in
            for header in text.headers { text.set(header.name, to: request.header(header.name) ?? "") }
        }
        add(.noEmptyLine) { $0.endsHeadersWithEmptyLine = false }
        for body in bodies(request) { add(.bodySpacing) { $0.payloadHash = CanonicalText.hash(body) } }
        add(.emptyBody) { $0.payloadHash = CanonicalText.hash([]) }
        add(.unsignedPayload) { $0.payloadHash = CanonicalText.hash(Array(TC3.unsignedPayload.utf8)) }
        add(.upperCaseHash) { $0.payloadHash = $0.payloadHash.uppercased() }
        for query in queries(request) { add(.query(query)) { $0.query = query } }
        for date in dates(right, authorization) { add(.date(date)) { $0.date = date } }
        for service in services(request) { add(.service(service)) { $0.service = service } }
        add(.noKeyPrefix) { $0.keyPrefix = "" }
        add(.emptyPath) { $0.path = "" }
        return all
    }

    private static func hosts(_ request: PastedRequest) -> [String] {
        let regional = request.header("x-tc-region").flatMap(Endpoint.regional)
        let aliases = [Endpoint.standard] + (regional.map { [$0] } ?? [])
        return HostCandidates.of(request.header("host") ?? "", aliases: aliases)
    }

    private static func contentTypes(_ request: PastedRequest) -> [String] {
        let sent = request.header("content-type") ?? ""
        return [
            HeaderText.lowercased(sent), String(sent.prefix { $0 != ";" }), "application/json",
            "application/json; charset=utf-8", "application/json;charset=utf-8", "application/x-www-form-urlencoded",
            "multipart/form-data",
        ]
    }

    private static func bodies(_ request: PastedRequest) -> [[UInt8]] {
        let others = Array(request.bodies.dropFirst())
        guard let body = request.bodies.first, request.header("content-type")?.contains("json") ?? true else {
            return others
        }
        return others + [JSONSpacing.compact(body), JSONSpacing.spaced(body)]
    }

    private static func queries(_ request: PastedRequest) -> [String] {
        guard !request.query.isEmpty else { return [] }
        let sorted = request.query.split(separator: "&").sorted().joined(separator: "&")
        let decoded =
            switch percentDecoded(ArraySlice(request.query.utf8)) {
            case .decoded(let bytes): String(decoding: bytes, as: UTF8.self)
            case .unchanged, .malformed: request.query
            }
        return [request.query, "", sorted, decoded]
    }

    /// The scope's own date, and the days around: a local date where UTC is meant.
    private static func dates(_ right: CanonicalText, _ authorization: Authorization) -> [String] {
        let timestamp = Claim.unixSeconds(right.timestamp) ?? 0
        return [String(decoding: authorization.date, as: UTF8.self)]
            + [-86_400, 86_400].map { UTCDate(timestamp: timestamp + $0).text }
    }

    private static func services(_ request: PastedRequest) -> [String] {
        ["scf", String((request.header("host") ?? "").prefix { $0 != "." })]
    }
}
