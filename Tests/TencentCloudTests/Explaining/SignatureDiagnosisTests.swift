// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

/// What can be said about the signature of a pasted request.
@Suite struct SignatureDiagnosisTests {
    /// Calls of this API that official clients signed with everything in its place, and with a body that can be pasted.
    static let right = SignedCase.all.filter { call in
        call.service == "scf" && call.signedHost == call.header("Host") && call.signedHost.hasSuffix(".com")
            && call.body.count < 100_000
            && !call.body.contains(0x0D)
    }

    static func text(_ call: SignedCase, lineEnd: String = "\n", changing changes: [String: String?] = [:]) -> String {
        var headers = call.headers.filter { !$0.value.isEmpty }
        for (name, value) in changes { headers[name] = value }
        let target = call.query.isEmpty ? "/" : "/?\(call.query)"
        let head = ["\(call.method) \(target) HTTP/1.1"] + headers.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
        return (head + ["", String(decoding: call.body, as: UTF8.self)]).joined(separator: lineEnd)
    }

    @Test func thereAreCallsToLookAt() { #expect(Self.right.count > 10) }

    @Test(arguments: right)
    func aRightCallHasNoFindingAndIsConfirmedByItsKey(call: SignedCase) {
        let diagnosis = SignatureDiagnosis(Self.text(call), now: call.timestamp)
        #expect(diagnosis.findings == [])
        #expect(diagnosis.suppositions.first?.stringToSign == call.stringToSign)
        #expect(diagnosis.confirmed(by: call.credential)?.difference == Supposition.Difference.none)
    }

    @Test(arguments: right)
    func whatABrowserOrCurlMakesOfTheTextDoesNotMatter(call: SignedCase) {
        let pasted = "\r\n" + Self.text(call, lineEnd: "\r\n") + "\r\n"
        #expect(SignatureDiagnosis(pasted, now: call.timestamp).confirmed(by: call.credential) != nil)
        guard call.method == "GET" else { return }
        let verbose = Self.text(call).split(separator: "\n", omittingEmptySubsequences: false).map { "> \($0)" }
        let printed = (["* Connected to a host"] + verbose + ["< HTTP/1.1 200 OK"]).joined(separator: "\n")
        #expect(SignatureDiagnosis(printed, now: call.timestamp).confirmed(by: call.credential) != nil)
    }

    static let spoilt: [(String, String?, SignatureMistake, String?)] = [
        ("X-TC-Timestamp", "1551113065000", SignatureMistake.timestamp, "1551113065"),
        ("X-TC-Timestamp", "1551112764", .clock, "1551113065"),
        ("X-TC-Timestamp", "1551199465", .date, "2019-02-26"),
        ("X-TC-Action", nil, .missingHeader, "X-TC-Action"),
        ("Content-Type", nil, .signedHeaderNotSent, "content-type"),
        ("Authorization", nil, .missingHeader, "Authorization"),
        ("Authorization", "TC4-HMAC-SHA256 Credential=x", .algorithm, "TC3-HMAC-SHA256"),
        ("Host", "scf.example.com", .host, "scf.tencentcloudapi.com"),
        ("Content-Length", "3", .contentLength, nil),
    ]

    @Test(arguments: spoilt)
    func aLineThatCannotBeRightIsNamed(header: String, value: String?, mistake: SignatureMistake, expected: String?) {
        guard let call = Self.right.first(where: { $0.method == "POST" && $0.timestamp == 1_551_113_065 }) else {
            Issue.record("no such call")
            return
        }
        let diagnosis = SignatureDiagnosis(Self.text(call, changing: [header: value]), now: call.timestamp)
        let finding = diagnosis.findings.first { $0.mistake == mistake }
        #expect(finding != nil, "\(diagnosis.findings)")
        if let expected { #expect(finding?.expected == expected) }
    }

    @Test(arguments: [
        ("content-type;host", "host;content-type", SignatureMistake.signedHeadersOrder),
        ("content-type;host", "host", .headerNotSigned),
        ("content-type;host", "content-type;host;x-tc-nothing", .signedHeaderNotSent),
        ("/scf/", "/cvm/", .service),
        ("2019-02-25", "2019-02-26", .date),
        ("Signature=", "Signature=A", .signatureForm),
        ("tc3_request", "tc4_request", .authorizationForm),
    ])
    func aPartOfAuthorizationThatCannotBeRightIsNamed(part: String, other: String, mistake: SignatureMistake) {
        guard let call = Self.right.first(where: { $0.authorization.contains("=content-type;host,") }) else {
            Issue.record("no such call")
            return
        }
        let authorization = call.authorization.replacing(part, with: other)
        let diagnosis = SignatureDiagnosis(
            Self.text(call, changing: ["Authorization": authorization]), now: call.timestamp)
        #expect(diagnosis.findings.map(\.mistake).contains(mistake), "\(diagnosis.findings)")
    }

    @Test(arguments: ["", "hello", "GET", "POST http", "\u{0}", "{}\n\n", "> ", String(repeating: "\n", count: 1000)])
    func whatIsNoRequestIsCalledSo(text: String) {
        let diagnosis = SignatureDiagnosis(text, now: 0)
        #expect(diagnosis.findings.map(\.mistake) == [.notHTTP])
        #expect(diagnosis.suppositions.isEmpty)
    }
}

/// Common mistakes of clients, each made for real and then found by the key.
@Suite struct SuppositionTests {
    private static let body = #"{"FunctionName": "hello", "ClientContext": "{\"a\": [1, 2]}"}"#
    private static let key = Credential.publicExample

    private static func right(_ method: String = "POST", query: String = "") -> CanonicalText {
        CanonicalText(
            method: method, query: query,
            headers: [
                TC3Header("content-type", "application/json"), TC3Header("host", Endpoint.standard),
                TC3Header("x-tc-action", "Invoke"),
            ],
            payloadHash: CanonicalText.hash(method == "POST" ? Array(body.utf8) : []), timestamp: "1551113065",
            date: "2019-02-25", service: "scf")
    }

    /// A request that is right but for what was signed.
    private static func request(signing text: CanonicalText, query: String = "") -> String {
        let method = query.isEmpty ? "POST" : "GET"
        return """
            \(method) /\(query.isEmpty ? "" : "?\(query)") HTTP/1.1
            Host: \(Endpoint.standard)
            Content-Type: application/json
            X-TC-Action: Invoke
            X-TC-Version: 2018-04-16
            X-TC-Region: ap-shanghai
            X-TC-Timestamp: 1551113065
            Authorization: TC3-HMAC-SHA256 Credential=\(key.secretId)/2019-02-25/scf/tc3_request, \
            SignedHeaders=content-type;host;x-tc-action, Signature=\(signature(text))

            \(query.isEmpty ? body : "")
            """
    }

    private static func signature(_ text: CanonicalText) -> String {
        let hasher = SHA256Hasher()
        var digest = hasher.authenticate(
            Array(text.date.utf8).span, key: Array("\(text.keyPrefix)\(key.secretKey.reveal())".utf8).span)
        for step in [text.service, "tc3_request", text.stringToSign] {
            digest = hasher.authenticate(Array(step.utf8).span, key: digest.span)
        }
        return Hex.text(digest)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let difference: Supposition.Difference
        let make: @Sendable (inout CanonicalText) -> Void
        var testDescription: String { "\(difference)" }
    }

    static let mistakes: [Mistake] = [
        Mistake(difference: .none) { _ in },
        Mistake(difference: .host("scf.ap-shanghai.tencentcloudapi.com")) {
            $0.set("host", to: "scf.ap-shanghai.tencentcloudapi.com")
        },
        Mistake(difference: .contentType("application/json; charset=utf-8")) {
            $0.set("content-type", to: "application/json; charset=utf-8")
        },
        Mistake(difference: .headerCase) { $0.set("x-tc-action", to: "Invoke") },
        Mistake(difference: .noEmptyLine) { $0.endsHeadersWithEmptyLine = false },
        Mistake(difference: .bodySpacing) {
            $0.payloadHash = CanonicalText.hash(
                Array(#"{"FunctionName":"hello","ClientContext":"{\"a\": [1, 2]}"}"#.utf8))
        },
        Mistake(difference: .emptyBody) { $0.payloadHash = CanonicalText.hash([]) },
        Mistake(difference: .unsignedPayload) { $0.payloadHash = CanonicalText.hash(Array("UNSIGNED-PAYLOAD".utf8)) },
        Mistake(difference: .upperCaseHash) { $0.payloadHash = $0.payloadHash.uppercased() },
        Mistake(difference: .date("2019-02-26")) { $0.date = "2019-02-26" },
        Mistake(difference: .noKeyPrefix) { $0.keyPrefix = "" },
        Mistake(difference: .emptyPath) { $0.path = "" },
    ]

    @Test(arguments: mistakes)
    func aCommonMistakeIsFoundByTheKey(mistake: Mistake) {
        var text = Self.right()
        mistake.make(&text)
        let diagnosis = SignatureDiagnosis(Self.request(signing: text), now: 1_551_113_065)
        #expect(diagnosis.findings == [])
        #expect(diagnosis.confirmed(by: Self.key)?.difference == mistake.difference)
        let other = Credential(secretId: Self.key.secretId, secretKey: Secret("another"))
        #expect(diagnosis.confirmed(by: other) == nil)
    }

    @Test func aQueryThatWasDecodedBeforeItWasSignedIsFound() {
        let query = "FunctionName=hello&ClientContext=%7B%7D"
        let text = Self.right("GET", query: "FunctionName=hello&ClientContext={}")
        let diagnosis = SignatureDiagnosis(Self.request(signing: text, query: query), now: 1_551_113_065)
        #expect(diagnosis.confirmed(by: Self.key)?.difference == .query("FunctionName=hello&ClientContext={}"))
    }

    /// Every text has its own difference: one that stands twice would be named wrongly.
    @Test func noTextStandsTwice() {
        let all = SignatureDiagnosis(Self.request(signing: Self.right()), now: 0).suppositions.map(\.text)
        for (index, text) in all.enumerated() { #expect(!all[..<index].contains(text)) }
    }

    @Test(arguments: [
        (#"{ "a" : [1, 2] }"#, #"{"a":[1,2]}"#, #"{"a": [1, 2]}"#),
        (#"{"a:b , c": "\" , :"}"#, #"{"a:b , c":"\" , :"}"#, #"{"a:b , c": "\" , :"}"#),
        (#"["\\" , 1]"#, #"["\\",1]"#, #"["\\", 1]"#),
    ])
    func jsonIsWrittenAsOtherLanguagesWriteIt(text: String, compact: String, spaced: String) {
        #expect(String(decoding: JSONSpacing.compact(Array(text.utf8)), as: UTF8.self) == compact)
        #expect(String(decoding: JSONSpacing.spaced(Array(text.utf8)), as: UTF8.self) == spaced)
    }
}
