// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a request that was refused for its signature, as far as the request itself shows it; and what its
/// client may have signed instead, to be tried with a key.
///
/// No key is needed, and none is asked for: whoever has one tries each ``Supposition`` with it.
public struct SignatureDiagnosis: Sendable {
    /// The longest request that is looked at, in bytes.
    public static let maximumBytes = 256 << 10

    /// A line of the request that cannot be right.
    public struct Finding: Sendable, Equatable {
        /// What is wrong.
        public let mistake: SignatureMistake
        /// What was sent; empty where nothing was.
        public let sent: String
        /// What the cloud expects; empty where there is no one right value.
        public let expected: String
    }

    /// What is wrong, in the order in which the cloud looks.
    public let findings: [Finding]
    /// What may have been signed: the right text first, then texts with one thing wrong. Empty where the request has too
    /// little to say.
    public let suppositions: [Supposition]
    /// The SecretId that the request names.
    public let secretId: String
    /// The signature that it carries: 64 hex digits, or empty.
    public let signature: String

    /// Looks at a request.
    ///
    /// - Parameters:
    ///   - text: The request as it was sent: request line, headers, an empty line, body.
    ///   - now: The time at which it was sent, or now, in UNIX seconds.
    public init(_ text: String, now: Int) {
        guard let request = PastedRequest(text) else {
            self.init(findings: [Finding(mistake: .notHTTP, sent: text.firstLine, expected: "POST / HTTP/1.1")])
            return
        }
        let value = request.header("authorization") ?? ""
        let authorization = Authorization(value)
        let findings =
            Self.common(request, now: now) + Self.authorization(value, authorization)
            + (authorization.map { Self.scope($0, request) } ?? [])
        guard let authorization, let right = CanonicalText(request, authorization) else {
            self.init(findings: findings)
            return
        }
        self.init(
            findings: findings, suppositions: Supposition.all(right, request, authorization),
            secretId: authorization.secretId, signature: Hex.text(authorization.signature))
    }

    private init(
        findings: [Finding], suppositions: [Supposition] = [], secretId: String = "", signature: String = ""
    ) {
        self.findings = findings
        self.suppositions = suppositions
        self.secretId = secretId
        self.signature = signature
    }

    /// The supposition that a key confirms: the signature is that of its text.
    public func confirmed(by credential: Credential) -> Supposition? {
        guard credential.secretId == secretId, let signature = Hex.digest(signature.utf8) else { return nil }
        return suppositions.first { $0.text.gives(signature, with: credential.secretKey) }
    }
}

// MARK: - What the request shows

extension SignatureDiagnosis {
    private static func common(_ request: PastedRequest, now: Int) -> [Finding] {
        var findings: [Finding] = []
        func found(_ mistake: SignatureMistake, _ sent: String = "", _ expected: String = "") {
            findings.append(Finding(mistake: mistake, sent: sent, expected: expected))
        }
        if request.method != "POST", request.method != "GET" { found(.method, request.method, "POST") }
        if request.path != "/" { found(.path, request.path, "/") }
        if request.method == "POST", !request.query.isEmpty { found(.queryOfPost, request.query) }
        for name in ["Host", "Content-Type", "X-TC-Action", "X-TC-Version", "X-TC-Timestamp"]
        where request.header(HeaderText.lowercased(name))?.isEmpty ?? true {
            found(.missingHeader, "", name)
        }
        if let host = request.header("host"), !Self.isOfTheCloud(host) { found(.host, host, Endpoint.standard) }
        if let length = request.header("content-length"), length != request.bodies.first.map({ String($0.count) }) {
            found(.contentLength, length, String(request.bodies.first?.count ?? 0))
        }
        guard let text = request.header("x-tc-timestamp"), !text.isEmpty else { return findings }
        guard let timestamp = Claim.unixSeconds(text) else {
            found(.timestamp, text, String(now))
            return findings
        }
        if abs(now - timestamp) > Claim.clockToleranceSeconds { found(.clock, text, String(now)) }
        return findings
    }

    private static func isOfTheCloud(_ host: String) -> Bool {
        let host = HeaderText.lowercased(host)
        return host == Endpoint.standard || host.hasPrefix("scf.") && host.hasSuffix(".tencentcloudapi.com")
    }

    /// Why a header breaks the grammar, part by part.
    private static func authorization(_ value: String, _ authorization: Authorization?) -> [Finding] {
        guard authorization == nil else { return [] }
        guard !value.isEmpty else {
            return [Finding(mistake: .missingHeader, sent: "", expected: "Authorization")]
        }
        let form =
            "\(TC3.algorithm) Credential=SecretId/Date/scf/\(TC3.terminator), SignedHeaders=content-type;host, Signature="
        guard value.hasPrefix(TC3.algorithm + " ") else {
            return [Finding(mistake: .algorithm, sent: value.firstWord, expected: TC3.algorithm)]
        }
        if let names = value.part("SignedHeaders="), names != HeaderText.lowercased(names).sortedNames {
            return [
                Finding(
                    mistake: .signedHeadersOrder, sent: names, expected: HeaderText.lowercased(names).sortedNames)
            ]
        }
        if let signature = value.part("Signature="), Hex.digest(signature.utf8) == nil {
            return [Finding(mistake: .signatureForm, sent: signature, expected: "")]
        }
        return [Finding(mistake: .authorizationForm, sent: value, expected: form)]
    }

    private static func scope(_ authorization: Authorization, _ request: PastedRequest) -> [Finding] {
        var findings: [Finding] = []
        for name in ["content-type", "host"] where !authorization.signedHeaders.contains(name) {
            findings.append(
                Finding(
                    mistake: .headerNotSigned, sent: authorization.signedHeaders.joined(separator: ";"), expected: name)
            )
        }
        for name in authorization.signedHeaders where request.header(name) == nil {
            findings.append(Finding(mistake: .signedHeaderNotSent, sent: "", expected: name))
        }
        if authorization.service != "scf" {
            findings.append(Finding(mistake: .service, sent: authorization.service, expected: "scf"))
        }
        let date = String(decoding: authorization.date, as: UTF8.self)
        if let timestamp = request.header("x-tc-timestamp").flatMap(Claim.unixSeconds),
            case let right = UTCDate(timestamp: timestamp).text, date != right
        {
            findings.append(Finding(mistake: .date, sent: date, expected: right))
        }
        return findings
    }
}

extension CanonicalText {
    /// What the cloud signs to compare; `nil` where the request lacks what that takes.
    fileprivate init?(_ request: PastedRequest, _ authorization: Authorization) {
        guard let timestampText = request.header("x-tc-timestamp"),
            let timestamp = Claim.unixSeconds(timestampText), let body = request.bodies.first
        else { return nil }
        let isUnsigned = request.header("x-tc-content-sha256") == TC3.unsignedPayload
        method = request.method
        query = request.method == "GET" ? request.query : ""
        headers = authorization.signedHeaders.map { name in
            let value = request.header(name) ?? ""
            // As official SDKs sign them: Content-Type and Host as they are sent, the others in lower case.
            return ["content-type", "host"].contains(name)
                ? TC3Header(name: name, value: value) : TC3Header(name, value)
        }
        payloadHash = Self.hash(isUnsigned ? Array(TC3.unsignedPayload.utf8) : body)
        self.timestamp = timestampText
        date = UTCDate(timestamp: timestamp).text
        service = authorization.service
    }
}

extension String {
    fileprivate var firstLine: String { String(prefix { $0 != "\n" && $0 != "\r\n" }.prefix(200)) }
    fileprivate var firstWord: String { String(prefix { $0 != " " }.prefix(200)) }

    /// What follows `name` up to the next comma or space.
    fileprivate func part(_ name: String) -> String? {
        firstRange(of: name).map { String(self[$0.upperBound...].prefix { $0 != "," && $0 != " " }) }
    }

    fileprivate var sortedNames: String { split(separator: ";").sorted().joined(separator: ";") }
}
