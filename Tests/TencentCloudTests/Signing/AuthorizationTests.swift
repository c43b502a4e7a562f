// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("Authorization") struct AuthorizationTests {
    static let digits = String(repeating: "0123456789abcdef", count: 4)
    static let valid =
        "TC3-HMAC-SHA256 Credential=AKID/2019-02-25/scf/tc3_request, SignedHeaders=content-type;host, Signature=\(digits)"

    @Test("is taken apart") func takesApart() throws {
        let authorization = try #require(Authorization(Self.valid))
        #expect(authorization.secretId == "AKID")
        #expect(authorization.date == Array("2019-02-25".utf8))
        #expect(authorization.service == "scf")
        #expect(authorization.signedHeaders == ["content-type", "host"])
        #expect(constantTimeEqual(authorization.signature, try #require(Hex.digest(Self.digits.utf8))))
    }

    @Test("takes the services that official SDKs write", arguments: ["scf", "127", "localhost:9000", "my-host_1"])
    func takesService(service: String) {
        #expect(Authorization(Self.valid.replacing("/scf/", with: "/\(service)/"))?.service == service)
    }

    /// Each pair: what is replaced in the valid header, and by what.
    @Test(
        "is refused when it breaks the grammar",
        arguments: [
            ("TC3-HMAC-SHA256 ", ""), ("TC3-HMAC-SHA256", "TC3-HMAC-SHA1"), ("TC3-HMAC-SHA256", "tc3-hmac-sha256"),
            ("TC3-HMAC-SHA256 ", "TC3-HMAC-SHA256"), ("TC3-HMAC-SHA256 ", " TC3-HMAC-SHA256 "),
            ("TC3-HMAC-SHA256 ", "TC3-HMAC-SHA256\t"), ("Credential", "credential"), ("Credential=", "Credential ="),
            ("Credential=", "Credential= "), ("AKID", ""), ("AKID", "AK ID"), ("AKID", "AK,ID"), ("AKID", "AK/ID"),
            ("AKID", "密钥"), ("AKID", "AK\u{0}ID"), ("AKID", String(repeating: "A", count: 257)),
            ("2019-02-25", ""), ("2019-02-25", "20190225"), ("2019-02-25", "2019-2-25"), ("2019-02-25", "2019/02/25"),
            ("2019-02-25", "2019-02-2x"), ("2019-02-25", "２019-02-25"), ("/scf/", "//"), ("/scf/", "/s c f/"),
            ("/scf/", "/\(String(repeating: "s", count: 129))/"), ("tc3_request", "tc3_requests"),
            ("tc3_request", "aws4_request"), ("tc3_request", ""), ("tc3_request", "tc3_request/more"),
            (", SignedHeaders", " SignedHeaders"), (", SignedHeaders", ";SignedHeaders"),
            (", SignedHeaders", ",, SignedHeaders"), ("content-type;host", ""), ("content-type;host", ";"),
            ("content-type;host", "content-type;host;"), ("content-type;host", "content-type;;host"),
            ("content-type;host", "host;content-type"), ("content-type;host", "content-type;content-type;host"),
            ("content-type;host", "Content-Type;Host"), ("content-type;host", "content-type; host"),
            ("content-type;host", (0..<33).map { "h\($0 + 10)" }.joined(separator: ";")),
            ("Signature=", "Signature"), ("Signature=", "Signature=0"), ("Signature=0", "Signature="),
            ("Signature=0", "Signature=A"), ("Signature=0", "Signature=g"), ("Signature=0", "Signature= 0"),
            ("0123456789abcdef", "0123456789ABCDEF"), ("0123456789abcdef", ""),
        ])
    func refusesMalformed(old: String, new: String) {
        #expect(Self.valid.contains(old))
        #expect(Authorization(Self.valid.replacing(old, with: new)) == nil)
    }

    @Test(
        "is refused when it is something else",
        arguments: [
            "", " ", "SKIP", "Bearer abc", "Basic QUtJRDprZXk=", "TC3-HMAC-SHA256", "TC3-HMAC-SHA256 ", ",", "=",
            "TC3-HMAC-SHA256 Credential=", "TC3-HMAC-SHA256 Credential=AKID", "TC3-HMAC-SHA256 Credential=////",
            "TC3-HMAC-SHA256 SignedHeaders=content-type;host, Signature=\(digits)",
            "TC3-HMAC-SHA256 SignedHeaders=content-type;host, Credential=AKID/2019-02-25/scf/tc3_request, "
                + "Signature=\(digits)",
            valid + " ", valid + ",", valid + ", Signature=\(digits)", valid + "\n", valid + valid,
        ])
    func refusesOther(value: String) {
        #expect(Authorization(value) == nil)
    }

    @Test("is refused unread when it is long", arguments: [4_097, 1_048_576])
    func refusesLong(length: Int) {
        let spaces = String(repeating: " ", count: length - Self.valid.utf8.count)
        #expect(Authorization(Self.valid.replacing("SHA256 ", with: "SHA256 \(spaces)")) == nil)
        #expect(Authorization(String(repeating: "A", count: length)) == nil)
    }

    @Test("is taken up to its longest length") func takesLongest() {
        let spaces = String(repeating: " ", count: 4_096 - Self.valid.utf8.count)
        #expect(Authorization(Self.valid.replacing("SHA256 ", with: "SHA256 \(spaces)")) != nil)
    }

    @Test("is refused at every length short of the whole") func refusesEveryPrefix() {
        for length in 0..<Self.valid.utf8.count {
            #expect(Authorization(String(Self.valid.prefix(length))) == nil)
        }
    }
}
