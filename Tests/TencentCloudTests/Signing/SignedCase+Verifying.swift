// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

extension SignedCase {
    /// The recorded call of that name.
    static func named(_ name: String) throws -> SignedCase {
        try #require(all.first { $0.name == name })
    }

    /// Verifies the call, at the time it was made unless said otherwise, by a verifier that knows its credential.
    @discardableResult
    func verify(
        now: Int? = nil, hostAliases: [String] = ["scf.tencentcloudapi.com"], acceptsUnsignedPayload: Bool? = nil,
        credentials: [Credential]? = nil
    ) throws -> VerifiedCaller {
        let known = credentials ?? [credential]
        let secretId = credential.secretId
        let verifier = TC3Verifier(
            hostAliases: hostAliases, acceptsUnsignedPayload: acceptsUnsignedPayload ?? unsignedPayload
        ) { $0 == secretId ? known : [] }
        return try verifier.verify(
            method: method, query: query, body: body.span, now: now ?? timestamp, header: header)
    }

    /// Signs the call anew, as a client would that signs these texts.
    mutating func sign(host: String, contentType: String? = nil) {
        let signer = TC3Signer(credential: credential, host: host, service: service)
        authorization =
            signer.sign(
                method == "GET" ? .get(query: query) : .post, contentType: contentType ?? header("Content-Type") ?? "",
                body: body.span, timestamp: timestamp
            ).authorization
        headers["Authorization"] = authorization
    }
}

/// Expects a refusal with that code, and returns it for more questions.
@discardableResult
func expectRefusal(
    _ code: ErrorCode, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> some Any
) -> CloudError? {
    let error = #expect(throws: CloudError.self, sourceLocation: sourceLocation) { _ = try body() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
    return error
}
