// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("TC3Verifier accepts") struct TC3VerifierAcceptsTests {
    @Test("every recorded call of an official client", arguments: SignedCase.all)
    func acceptsRecordedCall(call: SignedCase) throws {
        let caller = try call.verify()
        #expect(caller.secretId == call.credential.secretId)
        #expect(caller.credentialIndex == 0)
        #expect(caller.service == call.service)
        #expect(caller.payloadIsSigned == !call.unsignedPayload)
    }

    @Test("a call up to 300 seconds old or early", arguments: [-300, -299, -1, 0, 1, 299, 300])
    func acceptsInsideTheWindow(offset: Int) throws {
        let call = try SignedCase.named("ascii/POST")
        #expect(throws: Never.self) { try call.verify(now: call.timestamp + offset) }
    }

    @Test("the host without its port, as the client for Node.js signs it") func acceptsHostWithoutPort() throws {
        var call = try SignedCase.named("local_host_with_port")
        call.sign(host: "127.0.0.1")
        #expect(throws: Never.self) { try call.verify() }
    }

    @Test("the host in lower case, as the documents say") func acceptsHostInLowerCase() throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["Host"] = "SCF.TencentCloudAPI.com"
        #expect(throws: Never.self) { try call.verify(hostAliases: []) }
    }

    @Test("a Content-Type signed as it is or in lower case", arguments: [true, false])
    func acceptsEitherCaseOfContentType(lowerCase: Bool) throws {
        let contentType = "application/json; charset=UTF-8"
        var call = try SignedCase.named("ascii/POST")
        call.sign(host: call.signedHost, contentType: lowerCase ? contentType.lowercased() : contentType)
        call.headers["Content-Type"] = contentType
        #expect(throws: Never.self) { try call.verify() }
    }

    @Test("any X-TC-Content-SHA256 but UNSIGNED-PAYLOAD as if it were not there") func toleratesContentHash() throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["X-TC-Content-SHA256"] = "anything"
        #expect(try call.verify().payloadIsSigned)
    }

    @Test("spaces around the commas, or none", arguments: [",", ", ", " ,  ", ",    "])
    func acceptsSpacing(comma: String) throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["Authorization"] = call.authorization.split(separator: ", ").joined(separator: comma)
        #expect(throws: Never.self) { try call.verify() }
    }

    @Test("either of two keys while one replaces the other, and says which", arguments: [0, 1])
    func acceptsDuringRotation(index: Int) throws {
        let call = try SignedCase.named("ascii/POST")
        var credentials = [Credential(secretId: call.credential.secretId, secretKey: Secret("other"))]
        credentials.insert(call.credential, at: index)
        #expect(try call.verify(credentials: credentials).credentialIndex == index)
    }
}

@Suite("TC3Verifier refuses") struct TC3VerifierRefusesTests {
    /// What an attacker, or a mistake, may change about a recorded call, and the code that answers it.
    struct Alteration: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let code: ErrorCode
        let apply: @Sendable (inout SignedCase) -> Void

        init(_ name: String, _ code: ErrorCode, _ apply: @escaping @Sendable (inout SignedCase) -> Void) {
            testDescription = name
            self.code = code
            self.apply = apply
        }

        static func header(_ name: String, _ value: String?, _ code: ErrorCode) -> Alteration {
            Alteration("\(name): \(value ?? "absent")", code) { $0.headers[name] = value }
        }

        static func authorization(_ old: String, _ new: String, _ code: ErrorCode) -> Alteration {
            Alteration("Authorization with \(new) for \(old)", code) { call in
                call.headers["Authorization"] = call.authorization.replacing(old, with: new)
            }
        }
    }

    static let alterations: [Alteration] = [
        Alteration("another body", "AuthFailure.SignatureFailure") { $0.body[5] ^= 1 },
        Alteration("a longer body", "AuthFailure.SignatureFailure") { $0.body.append(0x20) },
        Alteration("no body", "AuthFailure.SignatureFailure") { $0.body = [] },
        Alteration("a query on a POST", "AuthFailure.SignatureFailure") { $0.query = "Action=Other" },
        Alteration("another method", "AuthFailure.SignatureFailure") { $0.method = "GET" },
        Alteration("PUT", "UnsupportedProtocol") { $0.method = "PUT" },
        Alteration("post", "UnsupportedProtocol") { $0.method = "post" },
        .header("Host", "evil.example", "AuthFailure.SignatureFailure"),
        .header("Host", nil, "AuthFailure.InvalidAuthorization"),
        .header("Host", "scf.tencentcloudapi.com\nx:y", "AuthFailure.InvalidAuthorization"),
        .header("Content-Type", "text/plain", "AuthFailure.SignatureFailure"),
        .header("Content-Type", nil, "AuthFailure.InvalidAuthorization"),
        .header("X-TC-Timestamp", "1551113066", "AuthFailure.SignatureFailure"),
        .header("X-TC-Timestamp", nil, "MissingParameter"),
        .header("X-TC-Timestamp", "", "MissingParameter"),
        .header("X-TC-Action", nil, "MissingParameter"),
        .header("X-TC-Version", nil, "MissingParameter"),
        .header("Authorization", nil, "MissingParameter"),
        .header("Authorization", "SKIP", "AuthFailure.InvalidAuthorization"),
        .header("X-TC-Token", "surplus", "AuthFailure.TokenFailure"),
        .authorization("2019-02-25", "2019-02-24", "AuthFailure.SignatureFailure"),
        .authorization("2019-02-25", "2019-02-26", "AuthFailure.SignatureFailure"),
        .authorization("/scf/", "/cvm/", "AuthFailure.SignatureFailure"),
        .authorization("AKID", "AKIE", "AuthFailure.SecretIdNotFound"),
        .authorization("Signature=0", "Signature=1", "AuthFailure.SignatureFailure"),
        .authorization("65a34ef9b", "65a34ef9a", "AuthFailure.SignatureFailure"),
        .authorization("content-type;host", "content-type;host;x-tc-version", "AuthFailure.SignatureFailure"),
        .authorization("content-type;host", "content-type;host;x-absent", "AuthFailure.InvalidAuthorization"),
        .authorization("content-type;host", "content-type", "AuthFailure.InvalidAuthorization"),
        .authorization("content-type;host", "host", "AuthFailure.InvalidAuthorization"),
    ]

    @Test("a call that was altered", arguments: alterations)
    func refusesAlteration(alteration: Alteration) throws {
        var call = try SignedCase.named("ascii/POST")
        try call.verify(hostAliases: [])
        alteration.apply(&call)
        expectRefusal(alteration.code) { try call.verify(hostAliases: []) }
    }

    @Test("each recorded call once one byte of its body, query or signature differs", arguments: SignedCase.all)
    func refusesAnyRecordedCallAltered(call: SignedCase) {
        var altered = call
        if call.method == "GET" {
            altered.query += "&"
        } else if call.unsignedPayload {
            altered.headers["X-TC-Content-SHA256"] = nil
        } else {
            altered.body[altered.body.count - 1] ^= 1
        }
        expectRefusal("AuthFailure.SignatureFailure") { try altered.verify() }

        altered = call
        let last = call.authorization.last == "0" ? "1" : "0"
        altered.headers["Authorization"] = call.authorization.dropLast() + last
        expectRefusal("AuthFailure.SignatureFailure") { try altered.verify() }
    }

    @Test("each of the 64 digits of a signature counts", arguments: 0..<64)
    func everyDigitCounts(position: Int) throws {
        var call = try SignedCase.named("ascii/POST")
        var text = Array(call.authorization.utf8)
        let index = text.count - 64 + position
        text[index] = text[index] == UInt8(ascii: "7") ? UInt8(ascii: "8") : UInt8(ascii: "7")
        call.headers["Authorization"] = String(decoding: text, as: UTF8.self)
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("a GET with a body, which its signature does not cover") func refusesBodyOfGet() throws {
        var call = try SignedCase.named("ascii/GET")
        call.body = [0x7B]
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("a POST with a query, even if that was signed as that of a GET is") func refusesQueryOfPost() throws {
        var call = try SignedCase.named("ascii/POST")
        call.query = "Action=Other"
        let hasher = SHA256Hasher()
        let date = UTCDate(timestamp: call.timestamp)
        let headers = [
            TC3Header(name: "content-type", value: "application/json"),
            TC3Header(name: "host", value: call.signedHost),
        ]
        let canonicalRequest = TC3Text.canonicalRequest(
            method: "POST", query: call.query, headers: headers, payloadHash: hasher.hash(call.body.span))
        let stringToSign = TC3Text.stringToSign(
            timestamp: String(call.timestamp), date: date, service: "scf",
            canonicalRequestHash: hasher.hash(canonicalRequest.span))
        let key = SigningKey.derive(from: call.credential.secretKey, date: date, service: "scf", hasher: hasher)
        let authorization = TC3Text.authorization(
            secretId: call.credential.secretId, date: date, service: "scf", headers: headers,
            signature: hasher.authenticate(stringToSign.span, key: key.span))
        call.headers["Authorization"] = String(decoding: authorization, as: UTF8.self)
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("an Authorization header of 1 MB") func refusesHugeHeader() throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["Authorization"] = call.authorization + String(repeating: "0", count: 1_048_576)
        expectRefusal("AuthFailure.InvalidAuthorization") { try call.verify() }
    }

    @Test("a line break in the query, even if it was signed") func refusesLineBreakInQuery() throws {
        var call = try SignedCase.named("ascii/GET")
        call.query = "a\nb"
        call.sign(host: call.signedHost)
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("a header that was signed and changed since") func refusesChangedSignedHeader() throws {
        var call = try SignedCase.named("doc_v3_cvm_masked32_xtcaction")
        call.headers["X-TC-Action"] = "TerminateInstances"
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("a host that was signed and is neither sent nor an alias") func refusesHostThatIsNoAlias() throws {
        let call = try SignedCase.named("compat_apigw_endpoint")
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify(hostAliases: ["other.example"]) }
    }

    @Test("a call more than 300 seconds old or early", arguments: [-9_999_999_999, -301, 301, 9_999_999_999])
    func refusesOutsideTheWindow(offset: Int) throws {
        let call = try SignedCase.named("ascii/POST")
        let error = expectRefusal("AuthFailure.SignatureExpire") { try call.verify(now: call.timestamp + offset) }
        #expect(error?.message.contains("\(call.timestamp + offset)") == true, "the server's time helps to set a clock")
    }

    @Test(
        "a timestamp that is not one to ten digits",
        arguments: [
            "NaN", "+1", "-1", " 1", "1 ", "1e9", "0x5c7", "1551113065.0", "１５５１", "15511130650",
            "123456789012345678901234567890", "1551113065\n",
        ])
    func refusesMalformedTimestamp(text: String) throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["X-TC-Timestamp"] = text
        expectRefusal("InvalidParameter") { try call.verify() }
    }

    @Test("a zero before the timestamp, though the number is the same") func refusesAnotherSpelling() throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["X-TC-Timestamp"] = "01551113065"
        expectRefusal("InvalidParameter") { try call.verify() }
    }

    @Test("UNSIGNED-PAYLOAD on a call whose body was signed", arguments: [true, false])
    func refusesToDropTheBody(accepts: Bool) throws {
        var call = try SignedCase.named("ascii/POST")
        call.headers["X-TC-Content-SHA256"] = "UNSIGNED-PAYLOAD"
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify(acceptsUnsignedPayload: accepts) }
    }

    @Test("UNSIGNED-PAYLOAD where the switch is off") func refusesUnsignedPayload() throws {
        let call = try SignedCase.named("unsigned/POST")
        let error = expectRefusal("AuthFailure.SignatureFailure") { try call.verify(acceptsUnsignedPayload: false) }
        #expect(error?.operatorDetail?.contains("UNSIGNED-PAYLOAD") == true)
    }

    @Test(
        "a missing or wrong token of a temporary credential",
        arguments: [nil, "", "sts-token", "sts-token-EXAMPLE-+/=x"])
    func refusesToken(token: String?) throws {
        var call = try SignedCase.named("token/POST")
        call.headers["X-TC-Token"] = token
        expectRefusal("AuthFailure.TokenFailure") { try call.verify() }
    }

    @Test("an unknown SecretId before a wrong time, a wrong time before a wrong signature, that before a wrong token")
    func checksInOrder() throws {
        var call = try SignedCase.named("token/POST")
        call.headers["X-TC-Token"] = nil
        call.body = []
        expectRefusal("AuthFailure.SecretIdNotFound") { try call.verify(now: 0, credentials: []) }
        expectRefusal("AuthFailure.SecretIdNotFound") { try call.verify(credentials: []) }
        expectRefusal("AuthFailure.SignatureExpire") { try call.verify(now: 0) }
        expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
    }

    @Test("in Chinese and in English, with the cloud's words") func speaksBothLanguages() throws {
        var call = try SignedCase.named("ascii/POST")
        call.body = []
        let error = expectRefusal("AuthFailure.SignatureFailure") { try call.verify() }
        #expect(error?.message(in: .zh) == "请求签名验证失败，请检查您的签名计算是否正确。")
        #expect(
            error?.message(in: .en)
                == "The provided credentials could not be validated. Please check your signature is correct.")
        call.headers["X-TC-Action"] = nil
        #expect(
            expectRefusal("MissingParameter") { try call.verify() }?.message
                == "The request is missing a required parameter `Action`.")
    }

    @Test("without telling anybody the query, the body or the key") func keepsSecretsOutOfErrors() throws {
        var call = try SignedCase.named("ascii/GET")
        call.query += "&Secret=hunter2"
        let error = try #require(expectRefusal("AuthFailure.SignatureFailure") { try call.verify() })
        #expect(!"\(error)".contains("hunter2"))
        #expect(!"\(error)".contains(call.credential.secretKey.reveal()))
    }
}
