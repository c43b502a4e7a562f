// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WebhookSignatures

@Suite("Secrets, encodings, signed texts")
struct SecretAndEncodingTests {
    @Test("A secret prints as ***, whatever prints it")
    func secret() {
        let secret = WebhookSecret(id: "new", "do not print me")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped, "\([secret])", "\(Optional(secret) as Any)"] {
            #expect(!text.contains("print me"))
        }
        #expect(secret.reveal() == "do not print me")
    }

    static let secrets: [(scheme: any WebhookScheme, secret: String, problem: String?)] = [
        (HMACScheme.gitHub, "0123456789abcdef", nil),
        (HMACScheme.gitHub, "0123456789abcde", "has 15 bytes; at least 16 are needed"),
        (HMACScheme.gitHub, "", "has 0 bytes; at least 16 are needed"),
        (TokenScheme.gitLab, "short", "has 5 bytes; at least 16 are needed"),
        (AuthorizationScheme.bearer, "short", "has 5 bytes; at least 16 are needed"),
        (AuthorizationScheme.basic, "a:12345678", nil),
        (AuthorizationScheme.basic, "12345678", "must be NAME:PASSWORD"),
        (AuthorizationScheme.basic, "name:short", "has a password of 5 bytes; at least 8 are needed"),
        (StandardWebhooksScheme(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", nil),
        (StandardWebhooksScheme(), "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", nil),
        (StandardWebhooksScheme(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", nil),
        (
            StandardWebhooksScheme(), "whsec_QUJD", "holds 3 bytes; Standard Webhooks asks for at least 24"
        ),
        (
            StandardWebhooksScheme(), "whsec_not base64!",
            "must be whsec_ and Base64, or whpk_ and the Base64 of a public Ed25519 key"
        ),
        (
            StandardWebhooksScheme(), "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "must be whsec_ and Base64, or whpk_ and the Base64 of a public Ed25519 key"
        ),
    ]

    @Test("A secret that cannot be right is said to be so", arguments: secrets.indices)
    func problems(index: Int) {
        let (scheme, secret, problem) = Self.secrets[index]
        #expect(scheme.problem(with: WebhookSecret(id: "", secret)) == problem)
    }

    /// RFC 4648, section 10.
    static let base64Vectors = [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ]

    @Test("Base64 as the RFC has it", arguments: base64Vectors)
    func base64(plain: String, encoded: String) {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
        #expect(Base64.decode(encoded.filter { $0 != "=" }, needsPadding: false) == Array(plain.utf8))
    }

    @Test(
        "One text for one value: nothing else is Base64",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z", "Zm9v=", "Zm9v====", "Zm 9v", "Zm9v\n", "Zm9-", "Zm9_", "=",
            "====", "Zg==Zg==",
            "Zé==",
        ])
    func notBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("Hexadecimal is lower case, two digits a byte")
    func hex() {
        #expect(SignatureEncoding.hex.encode([0, 0x5A, 0xFF]) == "005aff")
        #expect(SignatureEncoding.hex.decode("005aff") == [0, 0x5A, 0xFF])
        for wrong in ["0", "005", "0G", "5A", "0x", "５a", " 0", "-1"] {
            #expect(SignatureEncoding.hex.decode(wrong) == nil, "\(wrong)")
        }
    }

    @Test("A pattern says how the signed text is put together")
    func pattern() throws {
        let text = try SignedText(pattern: "v0:{timestamp}:{id}-{body}!")
        #expect(text.hasTimestamp && text.hasId)
        let filled = text.filled(id: "i", timestamp: "7", body: Array("{id}".utf8)[...])
        #expect(String(decoding: filled, as: UTF8.self) == "v0:7:i-{id}!")
        #expect(try SignedText(pattern: "{body}") == .body)
    }

    @Test(
        "A pattern that leaves the body out, or is none, is refused",
        arguments: [
            ("", "{body} is missing: the body must be signed"),
            ("{timestamp}", "{body} is missing: the body must be signed"),
            ("{body}{body}", "{body} is there more than once"), ("{body", "'{' without '}'"),
            ("body}", "'}' without '{'"),
            ("{Body}", "{Body} is not known; known are {id}, {timestamp}, {body}"),
            ("{id}{id}{body}", "{id} is there more than once"),
            ("{}{body}", "{} is not known; known are {id}, {timestamp}, {body}"),
        ])
    func badPattern(pattern: String, problem: String) {
        #expect(throws: SignedText.Malformed(description: problem)) { try SignedText(pattern: pattern) }
    }
}
