// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

/// The steps that are shown are those that sign.
@Suite struct SigningStepsTests {
    static let calls = SignedCase.all.filter {
        $0.method == "POST" && $0.extraHeaders.isEmpty && !$0.unsignedPayload && $0.header("Content-Type") != nil
    }

    @Test(arguments: calls)
    func eachStepLeadsToTheSignature(call: SignedCase) {
        let steps = SigningSteps(
            call.credential, host: call.signedHost, service: call.service,
            contentType: call.header("Content-Type") ?? "", body: call.body, timestamp: call.timestamp)
        #expect(steps.canonicalRequest == call.canonicalRequest)
        #expect(steps.stringToSign == call.stringToSign)
        #expect(steps.authorization == call.authorization)
        #expect(call.authorization.hasSuffix("Signature=\(steps.signature)"))

        let hasher = SHA256Hasher()
        let keys = [steps.keyOfDate, steps.keyOfService, steps.signingKey].compactMap { Hex.digest($0.utf8) }
        let texts = [steps.service, "tc3_request", steps.stringToSign]
        let results = zip(keys, texts).map { key, text in
            Hex.text(hasher.authenticate(Array(text.utf8).span, key: key.span))
        }
        #expect(results == [steps.keyOfService, steps.signingKey, steps.signature])
    }

    /// The one example of the cloud's documents whose key is not masked.
    @Test func theExampleKeyIsThatOfTheDocuments() {
        let call = SignedCase.wire.first { $0.name == "doc_v3_cvm_example_key" }
        #expect(call?.credential.secretId == Credential.publicExample.secretId)
        #expect(call?.credential.secretKey.reveal() == Credential.publicExample.secretKey.reveal())
    }
}
