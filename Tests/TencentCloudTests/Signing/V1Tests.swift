// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("V1Signer") struct V1SignerTests {
    @Test("every recorded call is there") func fixturesAreComplete() {
        #expect(V1Case.published.count == 44)
        #expect(V1Case.wire.count == 14)
    }

    @Test("signs as the official client did, and its call verifies", arguments: V1Case.all)
    func signsAsRecorded(call: V1Case) throws {
        let text = V1Text(
            method: call.method,
            parameters: try FormParameters(ArraySlice(call.form.utf8)).all.filter { $0.name != "Signature" })
        let stringToSign = text.stringToSign(host: call.host)
        #expect(String(decoding: stringToSign, as: UTF8.self) == call.stringToSign)
        let code = call.algorithm.authenticate(stringToSign.span, key: call.credential.secretKey)
        #expect(Base64.encode(code) == call.signature)

        // The example of the documents names no method, which a signer always does.
        guard call.signatureMethod != nil else { return }
        let signer = V1Signer(credential: call.credential, host: call.host, algorithm: call.algorithm)
        let signed = signer.sign(
            call.method == "GET" ? .get : .post, parameters: call.parameters.map { ($0.key, $0.value) },
            timestamp: call.timestamp, nonce: call.nonce)
        #expect(signed.stringToSign == call.stringToSign)
        #expect(signed.signature == call.signature)
        // The same parameters, encoded alike; only their order on the wire is another.
        #expect(signed.form.split(separator: "&").sorted() == call.form.split(separator: "&").sorted())
        var again = call
        again.form = signed.form
        try again.verify()
    }

    @Test("HMAC and base64 are those of RFC 2202, RFC 4231 and RFC 4648") func primitives() {
        let text = Array("what do ya want for nothing?".utf8)
        let codes = V1Algorithm.allCases.map { Base64.encode($0.authenticate(text.span, key: Secret("Jefe"))) }
        #expect(codes == ["7/zfauXrL6LSdBbV8YTfnCWafHk=", "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="])
        let rows = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")]
        for (plain, encoded) in rows { #expect(Base64.encode(Array(plain.utf8)) == encoded) }
    }
}

@Suite("v1 calls are accepted") struct V1AcceptedTests {
    @Test("as every official client sends them", arguments: V1Case.all)
    func acceptsRecordedCall(call: V1Case) throws {
        let caller = try call.verify()
        #expect(caller.secretId == call.credential.secretId)
        #expect(caller.credentialIndex == 0)
        #expect(caller.algorithm == .v1(call.algorithm))
        #expect(caller.service == nil)
        #expect(caller.payloadIsSigned)
    }

    @Test("up to 300 seconds old or early", arguments: [-300, -299, -1, 0, 1, 299, 300])
    func acceptsInsideTheWindow(offset: Int) throws {
        let call = try V1Case.named("ascii/POST/HmacSHA256")
        #expect(throws: Never.self) { try call.verify(now: call.timestamp + offset) }
    }

    @Test("signed for the host without its port, or for an alias") func acceptsOtherHosts() throws {
        var call = try V1Case.named("ascii/POST/HmacSHA1")
        call.host = "SCF.tencentcloudapi.com:443"
        try call.verify()
        call.host = "gateway.example"
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
        var settings = CallVerifier.Settings()
        settings.hostAliases = ["scf.tencentcloudapi.com"]
        try call.verify(by: call.verifier(settings))
    }

    @Test("with a '_' in a name, signed as '.' or as it is", arguments: V1Text.Names.allCases)
    func acceptsUnderscore(names: V1Text.Names) throws {
        var call = try V1Case.named("ascii/POST/HmacSHA1")
        let parameters = try FormParameters(ArraySlice("\(call.form)&a_b=1&a.a=2&aZ=3".utf8)).all
            .filter { $0.name != "Signature" }
        let text = V1Text(method: "POST", parameters: parameters, names: names).stringToSign(host: call.host)
        #expect(String(decoding: text, as: UTF8.self).contains(names == .dotted ? "&a.b=1&" : "&a_b=1"))
        let code = call.algorithm.authenticate(text.span, key: call.credential.secretKey)
        call.form = call.form.replacing(/Signature=[^&]*/, with: "") + "&a_b=1&a.a=2&aZ=3&Signature="
        call.form += Base64.encode(code).replacing("+", with: "%2B")
        try call.verify()
    }

    @Test("with either of two keys while one replaces the other", arguments: [0, 1])
    func acceptsDuringRotation(index: Int) throws {
        let call = try V1Case.named("ascii/POST/HmacSHA256")
        var credentials = [Credential(secretId: call.credential.secretId, secretKey: Secret("other"))]
        credentials.insert(call.credential, at: index)
        #expect(try call.verify(credentials: credentials).credentialIndex == index)
    }
}

@Suite("v1 calls are refused") struct V1RefusedTests {
    struct Alteration: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: ErrorCode
        let apply: @Sendable (inout V1Case) -> Void

        init(_ name: String, _ code: ErrorCode, _ apply: @escaping @Sendable (inout V1Case) -> Void) {
            testDescription = name
            self.code = code
            self.apply = apply
        }

        /// Another value of a parameter, or none.
        static func parameter(_ name: String, _ value: String?, _ code: ErrorCode) -> Alteration {
            Alteration("\(name)=\(value ?? "absent")", code) { call in
                let pieces = call.form.split(separator: "&").filter { !$0.hasPrefix("\(name)=") }
                call.form = (pieces + (value.map { ["\(name)=\($0)"] } ?? [])).joined(separator: "&")
            }
        }
    }

    static let alterations: [Alteration] = [
        .parameter("FunctionName", "hellx", "AuthFailure.SignatureFailure"),
        .parameter("FunctionName", nil, "AuthFailure.SignatureFailure"),
        .parameter("ClientContext", "", "AuthFailure.SignatureFailure"),
        .parameter("Extra", "", "AuthFailure.SignatureFailure"),
        .parameter("Region", "ap-beijing", "AuthFailure.SignatureFailure"),
        .parameter("Language", "en-US", "AuthFailure.SignatureFailure"),
        .parameter("Nonce", "1", "AuthFailure.SignatureFailure"),
        .parameter("Nonce", "08641354986235621", "AuthFailure.SignatureFailure"),
        .parameter("SignatureMethod", "HmacSHA1", "AuthFailure.SignatureFailure"),
        .parameter("SignatureMethod", "TC3-HMAC-SHA256", "AuthFailure.SignatureFailure"),
        .parameter("SignatureMethod", nil, "AuthFailure.SignatureFailure"),
        .parameter("Timestamp", "1551113066", "AuthFailure.SignatureFailure"),
        .parameter("Signature", "AAAA", "AuthFailure.SignatureFailure"),
        .parameter("Signature", "%00", "AuthFailure.SignatureFailure"),
        .parameter("Token", "surplus", "AuthFailure.SignatureFailure"),
        .parameter("SecretId", "AKIDOTHER", "AuthFailure.SecretIdNotFound"),
        .parameter("SecretId", String(repeating: "A", count: 1_000_000), "AuthFailure.SecretIdNotFound"),
        .parameter("Timestamp", "1551113366", "AuthFailure.SignatureExpire"),
        .parameter("Timestamp", "9999999999", "AuthFailure.SignatureExpire"),
        .parameter("Timestamp", "01551113065", "InvalidParameter"),
        .parameter("Timestamp", "1551113065.0", "InvalidParameter"),
        .parameter("Timestamp", "now", "InvalidParameter"),
        .parameter("Nonce", "-1", "InvalidParameter"), .parameter("Nonce", "0x1", "InvalidParameter"),
        .parameter("Nonce", "99999999999999999999", "InvalidParameter"),
        .parameter("Nonce", String(repeating: "1", count: 100), "InvalidParameter"),
        Alteration("another host", "AuthFailure.SignatureFailure") { $0.host = "evil.example" },
        Alteration("no host", "AuthFailure.SignatureFailure") { $0.host = "" },
        Alteration("a host with a line break", "AuthFailure.SignatureFailure") { $0.host += "\n" },
        Alteration("the other method", "AuthFailure.SignatureFailure") { $0.method = "GET" },
        Alteration("a query on a POST", "AuthFailure.SignatureFailure") { $0.query = "Action=Other" },
    ]

    @Test("once anything about them was altered", arguments: alterations)
    func refusesAlteration(alteration: Alteration) throws {
        var call = try V1Case.named("ascii/POST/HmacSHA256")
        alteration.apply(&call)
        // A timestamp that no longer fits is seen as wrong at the time of the original call.
        expectRefusal(alteration.code) { try call.verify(now: 1_551_113_065) }
    }

    @Test(
        "without a common parameter that must be there",
        arguments: ["Action", "Version", "Timestamp", "Nonce", "SecretId", "Signature"])
    func refusesMissing(name: String) throws {
        for value in [nil, ""] {
            var call = try V1Case.named("ascii/GET/HmacSHA256")
            Alteration.parameter(name, value, "MissingParameter").apply(&call)
            let error = expectRefusal("MissingParameter") { try call.verify() }
            #expect(error?.message == "The request is missing a required parameter `\(name)`.")
            #expect(error?.message(in: .zh) == "请求缺少必需的参数 `\(name)`。")
        }
    }

    @Test("once one byte of a recorded call differs", arguments: V1Case.all)
    func refusesAnyRecordedCallAltered(call: V1Case) throws {
        var altered = call
        altered.form = call.form.replacing("Version=201", with: "Version=202")
        expectRefusal("AuthFailure.SignatureFailure") { try altered.verify() }
        altered.form = call.form.replacing(/Signature=(.)/) { $0.1 == "A" ? "Signature=B" : "Signature=A" }
        expectRefusal("AuthFailure.SignatureFailure") { try altered.verify() }
        // Base64 with other bits where it has none to give, or without its filling.
        altered.form = call.form.replacing(/Signature=([^&]*?)%3D$/, with: { "Signature=\($0.1)" })
        expectRefusal("AuthFailure.SignatureFailure") { try altered.verify() }
    }

    @Test("with a body beside the query of a GET") func refusesBodyOfGet() throws {
        var call = try V1Case.named("ascii/GET/HmacSHA1")
        call.body = "{}"
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("without the token of a temporary key, with a wrong one, with one too many")
    func refusesTokens() throws {
        var call = try V1Case.named("token/POST/HmacSHA256")
        let parameters = call.parameters.map { (name: $0.key, value: $0.value) }
        let temporary = call.credential
        for token in [nil, Secret("other")] {
            call.credential = Credential(secretId: temporary.secretId, secretKey: temporary.secretKey, token: token)
            call.sign(parameters)
            expectRefusal("AuthFailure.TokenFailure") { try call.verify(credentials: [temporary]) }
        }
        let lasting = call.credential
        call.credential = temporary
        call.sign(parameters)
        expectRefusal("AuthFailure.TokenFailure") {
            try call.verify(credentials: [Credential(secretId: lasting.secretId, secretKey: lasting.secretKey)])
        }
    }

    /// Values are signed raw: this text is signed, too, if the attacker sends the second as part of the first.
    @Test("where one signed parameter is sent as two, or two as one") func refusesDividedParameters() throws {
        var call = try V1Case.named("ascii/POST/HmacSHA256")
        call.sign([("Action", "Invoke"), ("Version", "2018-04-16"), ("Language", "en-US"), ("LogType", "Tail")])
        try call.verify()
        call.form = call.form.replacing("Language=en-US&LogType=Tail", with: "Language=en-US%26LogType%3DTail")
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("an unknown SecretId before a wrong time, that before a wrong signature") func checksInOrder() throws {
        var call = try V1Case.named("token/POST/HmacSHA1")
        call.form += "&Extra=1"
        expectRefusal("AuthFailure.SecretIdNotFound") { try call.verify(now: 0, credentials: []) }
        expectRefusal("AuthFailure.SecretIdNotFound") { try call.verify(credentials: []) }
        expectRefusal("AuthFailure.SignatureExpire") { try call.verify(now: 0) }
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("without telling anybody parameters or the key") func keepsSecretsOutOfErrors() throws {
        var call = try V1Case.named("ascii/GET/HmacSHA1")
        call.form += "&Password=hunter2"
        let error = try #require(expectRefusal("AuthFailure.SignatureFailure") { try call.verify() })
        #expect(!"\(error)".contains("hunter2"))
        #expect(!"\(error)".contains(call.credential.secretKey.reveal()))
    }
}

@Suite("Forms") struct FormParametersTests {
    static let broken: [(form: String, code: ErrorCode)] = [
        ("a", "InvalidParameter"), ("=1", "InvalidParameter"), ("a=1&b", "InvalidParameter"),
        ("a=%", "InvalidParameter"), ("a=%4", "InvalidParameter"), ("a=%zz", "InvalidParameter"),
        ("%=1", "InvalidParameter"), ("%FF=1", "InvalidParameter"), ("a%0Ab=1", "InvalidParameter"),
        ("a=1&a=1", "InvalidParameterValue"), ("a=1&%61=2", "InvalidParameterValue"),
        (String(repeating: "a", count: 257) + "=1", "InvalidParameter"),
        ((0...256).map { "p\($0)=1" }.joined(separator: "&"), "InvalidParameter"),
    ]

    @Test("that can be read in more than one way are refused, in both languages", arguments: broken.indices)
    func refuses(index: Int) {
        let row = Self.broken[index]
        let error = expectRefusal(row.code) { try FormParameters(ArraySlice(row.form.utf8)) }
        #expect(error?.chineseMessage != nil)
    }

    @Test("keep names, order and bytes") func reads() throws {
        let form = try FormParameters(ArraySlice("&a=1&&b=%E4%BD%A0+%2B&c=&d=%FF=&".utf8))
        #expect(form.all.map(\.name) == ["a", "b", "c", "d"])
        #expect(form["b"] == "你 +")
        #expect(form["c"] == "")
        #expect(form["d"] == nil)
        #expect(form.all.last.map { Array($0.value) } == [0xFF, UInt8(ascii: "=")])
        #expect(form["e"] == nil)
    }

    @Test("whatever is in them, crash nothing, and verify only where nothing has changed")
    func survivesAnything() throws {
        let call = try V1Case.named("all-parameters/POST/HmacSHA256")
        var verified = 0
        let original = Array(call.form.utf8)
        let bytes = Array("&=%+_.aZ09\u{0}\n\u{FF}".utf8)
        var generator = SeededNumbers(seed: 1)
        for _ in 0..<4_000 {
            let verifier = call.verifier()
            var body = original
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: body.indices, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: body.remove(at: place)
                case 1: body.insert(bytes.randomElement(using: &generator) ?? 0, at: place)
                case 2: body[place] = UInt8.random(in: 0...255, using: &generator)
                default: body.removeSubrange(place..<min(body.count, place + 40))
                }
            }
            guard let received = try? APICall(method: "POST", query: "", body: body[...], header: call.header),
                (try? verifier.verify(received, body: body.span, now: call.timestamp)) != nil
            else { continue }
            // Empty pieces, and a byte written as itself or as an escape, change nothing.
            let all = try FormParameters(body[...]).all.map { [Array($0.name.utf8), Array($0.value)] }
            let expected = try FormParameters(original[...]).all.map { [Array($0.name.utf8), Array($0.value)] }
            #expect(Set(all) == Set(expected))
            verified += 1
        }
        #expect(verified > 0)
    }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
