// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// What `/signature` tells programs.
enum SignatureJSON {
    /// Every step of a signature, in the order in which they are made.
    static func steps(of signing: SignatureContext.Signing) -> [UInt8] {
        let steps = signing.steps
        var text = JSONText()
        text.object { text in
            text.member("SecretId", signing.secretId)
            text.member("Head", signing.head.joined(separator: "\n"))
            if let body = signing.shownBody { text.member("Body", body) }
            text.member("BodyBytes", signing.body.count)
            text.member("CanonicalRequest", steps.canonicalRequest)
            text.member("CredentialScope", signing.scope)
            text.member("StringToSign", steps.stringToSign)
            text.member("SecretDate", steps.keyOfDate)
            text.member("SecretService", steps.keyOfService)
            text.member("SecretSigning", steps.signingKey)
            text.member("Signature", steps.signature)
            text.member("Authorization", steps.authorization)
        }
        return text.bytes
    }

    /// What is wrong with a request, what its client may have signed instead, and which of that it has signed, where the
    /// request was signed with the example key.
    static func diagnosis(_ diagnosis: SignatureDiagnosis, _ words: SignatureContext) -> [UInt8] {
        var text = JSONText()
        text.object { text in
            text.member("SecretId", diagnosis.secretId)
            text.member("Signature", diagnosis.signature)
            text.name("Findings")
            text.array { text in
                for finding in diagnosis.findings {
                    text.object { text in
                        text.member("Mistake", finding.mistake.rawValue)
                        text.member("Text", words.text(of: finding.mistake))
                        if !finding.sent.isEmpty { text.member("Sent", finding.sent) }
                        if !finding.expected.isEmpty { text.member("Expected", finding.expected) }
                    }
                }
            }
            text.name("Suppositions")
            text.array { text in
                for supposition in diagnosis.suppositions { text.object { $0.members(of: supposition, words) } }
            }
            if let confirmed = diagnosis.confirmed(by: .publicExample) {
                text.name("Confirmed")
                text.object { $0.members(of: confirmed, words) }
            }
        }
        return text.bytes
    }
}

extension JSONText {
    fileprivate mutating func members(of supposition: Supposition, _ words: SignatureContext) {
        let (text, detail) = words.text(of: supposition.difference)
        member("Text", text)
        if !detail.isEmpty { member("Detail", detail) }
        member("IsRight", supposition.difference == .none)
        member("KeyPrefix", supposition.keyPrefix)
        name("KeySteps")
        array { array in for step in supposition.keySteps { array.element(step) } }
        member("CanonicalRequest", supposition.canonicalRequest)
        member("StringToSign", supposition.stringToSign)
    }
}
