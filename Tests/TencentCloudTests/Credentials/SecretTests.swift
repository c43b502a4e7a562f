// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("Secrets") struct SecretTests {
    static let key = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
    static let token = "sts-token-EXAMPLE"
    static let credential = Credential(secretId: "AKIDEXAMPLE", secretKey: Secret(key), token: Secret(token))

    /// Everything that holds a secret. The signer has derived a key, too.
    static var holders: [(name: String, value: any Sendable)] {
        let signer = TC3Signer(credential: credential, host: "h")
        let body: [UInt8] = []
        _ = signer.sign(.post, contentType: "t", body: body.span, timestamp: 0)
        return [
            ("Secret", Secret(key)), ("Optional", Secret?(Secret(key))), ("Array", [Secret(key)]),
            ("Dictionary", ["key": Secret(key)]), ("Credential", credential), ("TC3Signer", signer),
            (
                "EnvironmentCredentials",
                EnvironmentCredentials(environment: [
                    "TENCENTCLOUD_SECRET_ID": "AKIDEXAMPLE", "TENCENTCLOUD_SECRET_KEY": key,
                    "TENCENTCLOUD_SESSION_TOKEN": token,
                ])
            ),
            ("TC3Verifier", TC3Verifier { _ in [credential] }),
        ]
    }

    @Test("show in no printed form of anything that holds them") func showNowhere() {
        for (name, value) in Self.holders {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [String(describing: value), String(reflecting: value), "\(value)", dumped] {
                #expect(!text.contains("Gu5t9x"), "\(name)")
                #expect(!text.contains("sts-token"), "\(name)")
                #expect(!text.contains("inlineArray") && !text.contains("InlineArray"), "\(name): \(text)")
            }
        }
    }

    @Test("print as three stars") func printAsStars() {
        let secret = Secret(Self.key)
        #expect("\(secret)" == "***")
        #expect(String(reflecting: secret) == "***")
        #expect(Mirror(reflecting: secret).children.isEmpty)
        #expect("\(Self.credential)" == "Credential(AKIDEXAMPLE, with token)")
    }

    @Test("cannot be encoded") func cannotBeEncoded() {
        #expect(!((Secret(Self.key) as Any) is any Encodable))
        #expect(!((Self.credential as Any) is any Encodable))
    }

    @Test("match the same text alone", arguments: ["", "a", "abd", "abcd", "ABC", "ab"])
    func matchSameText(other: String) {
        #expect(Secret("abc").matches("abc"))
        #expect(!Secret("abc").matches(other))
        #expect(Secret("abc") != Secret(other))
        #expect(Secret("").matches(""))
    }

    @Test("are revealed when asked for by name") func areRevealed() {
        #expect(Secret(Self.key).reveal() == Self.key)
    }
}
