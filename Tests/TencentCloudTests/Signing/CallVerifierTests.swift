// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("Calls of either kind") struct CallVerifierTests {
    static let kinds: [(what: String, method: String, headers: [String: String], scheme: APICall.Scheme)] = [
        ("TC3 POST", "POST", ["Authorization": "x", "Content-Type": "application/json"], .tc3),
        ("TC3 GET", "GET", ["Authorization": "x", "Content-Type": "application/x-www-form-urlencoded"], .tc3),
        ("TC3 without its signature", "GET", ["X-TC-Action": "Invoke"], .tc3),
        ("JSON without anything", "POST", ["Content-Type": "application/json"], .tc3),
        ("multipart without anything", "POST", ["Content-Type": "multipart/form-data; boundary=x"], .tc3),
        ("no type", "POST", [:], .tc3),
        ("a form's neighbour", "POST", ["Content-Type": "application/x-www-form"], .tc3),
        ("v1 GET", "GET", ["Content-Type": "application/x-www-form-urlencoded"], .v1),
        ("v1 GET without type", "GET", ["Authorization": ""], .v1),
        ("v1 POST", "POST", ["Content-Type": "application/x-www-form-urlencoded"], .v1),
        ("v1 POST, other letters", "POST", ["Content-Type": "Application/X-WWW-Form-URLEncoded ; charset=UTF-8"], .v1),
    ]

    @Test("are told apart by their headers", arguments: kinds.indices)
    func scheme(index: Int) {
        let row = Self.kinds[index]
        #expect(APICall.scheme(method: row.method) { row.headers[$0] } == row.scheme, "\(row.what)")
    }

    @Test("TC3 goes the same way as with its own verifier", arguments: SignedCase.all)
    func tc3(call: SignedCase) throws {
        var settings = CallVerifier.Settings()
        settings.hostAliases = ["scf.tencentcloudapi.com"]
        settings.acceptsUnsignedPayload = call.unsignedPayload
        settings.refusesRepeatedTC3 = true
        let verifier = CallVerifier(settings) { $0 == call.credential.secretId ? [call.credential] : [] }
        let received = try APICall(method: call.method, query: call.query, body: call.body[...], header: call.header)
        #expect(received.scheme == .tc3)
        #expect(received.form == nil)
        #expect(received[.action] == call.header("X-TC-Action"))
        let caller = try verifier.verify(received, body: call.body.span, now: call.timestamp)
        #expect(try caller == call.verify())
        #expect(caller.algorithm.name == "TC3-HMAC-SHA256")
        let error = expectRefusal("AuthFailure.SignatureExpire") {
            try verifier.verify(received, body: call.body.span, now: call.timestamp + 1)
        }
        #expect(error?.message.contains("has been used before") == true)
        #expect(error?.chineseMessage?.contains("已被使用过") == true)
    }

    @Test("TC3 may come a second time unless that is switched off: an honest repeat looks the same")
    func repeatedTC3() throws {
        let call = try SignedCase.named("ascii/POST")
        let verifier = CallVerifier { _ in [call.credential] }
        let received = try APICall(method: call.method, query: call.query, body: call.body[...], header: call.header)
        for _ in 0..<2 { _ = try verifier.verify(received, body: call.body.span, now: call.timestamp) }
    }

    @Test("carry their common parameters in headers or among the others") func common() throws {
        let v1 = try V1Case.named("language-en/GET/HmacSHA1").received().call
        #expect(v1[.action] == "Invoke")
        #expect(v1[.region] == "ap-guangzhou")
        #expect(v1[.token] == nil)
        #expect(v1.language == .en)
        #expect(try V1Case.named("ascii/POST/HmacSHA1").received().call.language == .zh)
    }
}

@Suite("A v1 call that comes again") struct ReplayTests {
    static let expired: ErrorCode = "AuthFailure.SignatureExpire"

    @Test("is refused as long as the clock would let it pass") func refused() throws {
        let call = try V1Case.named("ascii/POST/HmacSHA256")
        let verifier = call.verifier()
        try call.verify(by: verifier, now: call.timestamp - 300)
        for now in [-300, 0, 1, 300] {
            let error = expectRefusal(Self.expired) { try call.verify(by: verifier, now: call.timestamp + now) }
            #expect(error?.message.contains("has been used before") == true)
        }
        let error = expectRefusal(Self.expired) { try call.verify(by: verifier, now: call.timestamp + 301) }
        #expect(error?.message.contains("five minutes") == true)
    }

    @Test("is refused whatever the order and the writing of its parameters") func rewritten() throws {
        var call = try V1Case.named("ascii/GET/HmacSHA1")
        let verifier = call.verifier()
        try call.verify(by: verifier)
        call.form = call.form.split(separator: "&").reversed().joined(separator: "&&")
            .replacing("Invoke", with: "%49nvoke")
        expectRefusal(Self.expired) { try call.verify(by: verifier) }
    }

    @Test("is another call where anything but the Nonce differs, or the Nonce alone") func others() throws {
        var call = try V1Case.named("ascii/POST/HmacSHA1")
        let verifier = call.verifier()
        let common = [(name: "Action", value: "Invoke"), (name: "Version", value: "2018-04-16")]
        for name in ["a", "b"] {
            for nonce in [1, 2] as [UInt64] {
                for second in [0, 1] {
                    call.timestamp = 1_551_113_065 + second
                    call.nonce = nonce
                    call.sign(common + [("FunctionName", name)])
                    try call.verify(by: verifier)
                    expectRefusal(Self.expired) { try call.verify(by: verifier) }
                }
            }
        }
    }

    @Test("is remembered only if it was verified") func onlyVerified() throws {
        let call = try V1Case.named("ascii/POST/HmacSHA256")
        let verifier = call.verifier()
        var altered = call
        altered.form += "&Extra=1"
        expectRefusal("AuthFailure.SignatureFailure") { try altered.verify(by: verifier) }
        try call.verify(by: verifier)
    }

    @Test("is remembered in a bounded room for each key; when it is full nothing passes until time goes on")
    func bounded() throws {
        let memory = ReplayMemory(callsPerSecretId: 3)
        func use(_ number: UInt8, by secretId: String = "A", at timestamp: Int, now: Int) throws {
            let signature = [UInt8](repeating: number, count: 20)
            try memory.use(
                Verification(
                    caller: VerifiedCaller(secretId: secretId), timestamp: timestamp,
                    fingerprint: SignatureFingerprint(signature.span)), now: now)
        }
        for number in 0..<3 { try use(UInt8(number), at: 1_000 + number, now: 1_000) }
        let error = expectRefusal("RequestLimitExceeded") { try use(3, at: 1_000, now: 1_300) }
        #expect(error?.retryAfterSeconds == 1)
        #expect(error?.chineseMessage != nil)
        expectRefusal(Self.expired) { try use(0, at: 1_000, now: 1_300) }
        try use(0, by: "B", at: 1_000, now: 1_300)
        // The first is too old now, and makes room for one.
        try use(3, at: 1_300, now: 1_301)
        expectRefusal("RequestLimitExceeded") { try use(4, at: 1_300, now: 1_301) }
        expectRefusal(Self.expired) { try use(1, at: 1_001, now: 1_301) }
        #expect(memory.count(of: "A") == 3)
        try use(5, at: 2_000, now: 2_000)
        #expect(memory.count(of: "A") == 1)
    }

    @Test("passes once where many threads bring it at the same time") func threads() async throws {
        let call = try V1Case.named("ascii/POST/HmacSHA256")
        let verifier = call.verifier()
        let passed = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { (try? call.verify(by: verifier)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(passed == 1)
    }
}
