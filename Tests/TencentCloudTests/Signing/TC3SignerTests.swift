// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("TC3Signer") struct TC3SignerTests {
    @Test("every recorded call is there") func fixturesAreComplete() {
        #expect(SignedCase.published.count == 23)
        #expect(SignedCase.wire.count == 21)
    }

    @Test("signs as the official client did", arguments: SignedCase.all)
    func signsAsRecorded(call: SignedCase) throws {
        let signer = TC3Signer(credential: call.credential, host: call.signedHost, service: call.service)
        let method: TC3Method = call.method == "GET" ? .get(query: call.query) : .post
        let contentType = try #require(call.header("Content-Type"))

        let explanation = signer.explain(
            method, contentType: contentType, body: call.body.span, timestamp: call.timestamp,
            extraHeaders: call.extraHeaders, unsignedPayload: call.unsignedPayload)
        #expect(explanation.canonicalRequest == call.canonicalRequest)
        #expect(explanation.stringToSign == call.stringToSign)
        #expect(call.stringToSign.contains("\n\(explanation.scope)\n"))

        let signature = signer.sign(
            method, contentType: contentType, body: call.body.span, timestamp: call.timestamp,
            extraHeaders: call.extraHeaders, unsignedPayload: call.unsignedPayload)
        #expect(signature == explanation.signature)
        #expect(signature.authorization == call.authorization)
        #expect(signature.timestamp == String(call.timestamp))
    }

    @Test("a slice is signed as the bytes it covers") func signsASlice() throws {
        let call = try #require(SignedCase.published.first)
        let signer = TC3Signer(credential: call.credential, host: call.signedHost)
        let padded = [0x7B] + call.body + [0x7D]
        let slice = padded[1..<(padded.count - 1)]
        let signature = signer.sign(
            .post, contentType: "application/json", body: slice.span, timestamp: call.timestamp)
        #expect(signature.authorization == call.authorization)
    }

    @Test("one signer signs on both sides of midnight, in any order, from many tasks")
    func changesItsKeyWithTheDay() async throws {
        let call = try #require(SignedCase.published.first)
        let shared = TC3Signer(credential: call.credential, host: call.signedHost)
        let midnight = 1_767_225_600
        await withTaskGroup(of: Void.self) { group in
            for offset in -20..<20 {
                group.addTask {
                    let fresh = TC3Signer(credential: call.credential, host: call.signedHost)
                    let sign = { (signer: TC3Signer) in
                        signer.sign(
                            .post, contentType: "application/json", body: call.body.span, timestamp: midnight + offset)
                    }
                    #expect(sign(shared) == sign(fresh))
                }
            }
        }
    }

    @Test("extra headers are signed in the order of their names, in lower case") func ordersExtraHeaders() {
        let signer = TC3Signer(credential: Credential(secretId: "id", secretKey: Secret("key")), host: "h")
        let body: [UInt8] = []
        let explanation = signer.explain(
            .post, contentType: "Text/Plain", body: body.span, timestamp: 0,
            extraHeaders: [TC3Header("X-TC-Action", " Invoke "), TC3Header("Accept", "*/*")])
        #expect(
            explanation.canonicalRequest.hasPrefix(
                "POST\n/\n\naccept:*/*\ncontent-type:Text/Plain\nhost:h\nx-tc-action:invoke\n\n"
                    + "accept;content-type;host;x-tc-action\n"))
    }
}

@Suite("UTCDate") struct UTCDateTests {
    @Test(
        "writes the UTC day of a UNIX time",
        arguments: [
            (0, "1970-01-01"), (-1, "1970-01-01"), (Int.min, "1970-01-01"), (86_399, "1970-01-01"),
            (86_400, "1970-01-02"), (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"), (951_868_800, "2000-03-01"), (1_735_689_599, "2024-12-31"),
            (1_735_689_600, "2025-01-01"), (1_709_164_800, "2024-02-29"), (4_107_542_400, "2100-03-01"),
            (4_107_542_399, "2100-02-28"), (9_999_999_999, "2286-11-20"), (253_402_300_799, "9999-12-31"),
        ])
    func writesTheDay(timestamp: Int, expected: String) {
        var text: [UInt8] = []
        UTCDate(timestamp: timestamp).append(to: &text)
        #expect(String(decoding: text, as: UTF8.self) == expected)
    }
}

@Suite("SHA-256 and HMAC") struct SHA256Tests {
    /// FIPS 180-2, appendix B, and the empty text.
    @Test(
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func hashes(text: String, expected: String) {
        #expect(hex(SHA256Hasher().hash(Array(text.utf8).span)) == expected)
    }

    /// RFC 4231, cases 1, 2, 6 (a key longer than a block) and a key of exactly one block, which Python's hmac gave.
    @Test(
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 20), "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
            (
                [UInt8](repeating: 0x6B, count: 64), "block",
                "1b7ee2f78bbad5f9d29e0b4e5f639ae046d13e1763f1ebc7a439089c128f294a"
            ),
        ])
    func authenticates(key: [UInt8], message: String, expected: String) {
        let hasher = SHA256Hasher()
        #expect(hex(hasher.authenticate(Array(message.utf8).span, key: key.span)) == expected)
        #expect(hex(hasher.authenticate(Array(message.utf8).span, key: key.span)) == expected, "and again")
    }

    private func hex(_ digest: SHA256Digest) -> String {
        var text: [UInt8] = []
        Hex.append(digest, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
