// SPDX-License-Identifier: Apache-2.0

@testable import TencentCloud

extension Harness {
    /// A call signed with TC3, a line for each header and then the body. The input begins as a call that is right, and
    /// whatever becomes of it: what is let in was signed.
    static let authorization = Harness(name: "authorization") { input throws in
        let call = TC3Input(input)
        try call.checkGrammar()
        try call.checkForgery()
    }
}

/// The call that an input stands for.
struct TC3Input {
    let authorization: String
    let timestamp: String
    let host: String
    let contentType: String
    let token: String
    let query: String
    let body: [UInt8]

    private static let credential = Credential(
        secretId: "AKIDFUZZ", secretKey: Secret("a key of the fuzzer's"), token: Secret("a token"))
    private static let now = 1_700_000_000

    init(_ input: ArraySlice<UInt8>) {
        var pieces = Pieces(input)
        authorization = pieces.textLine()
        timestamp = pieces.textLine()
        host = pieces.textLine()
        contentType = pieces.textLine()
        token = pieces.textLine()
        query = pieces.textLine()
        body = Array(pieces.rest)
    }

    static func verifier() -> CallVerifier {
        var settings = CallVerifier.Settings()
        settings.refusesRepeatedTC3 = true
        return CallVerifier(settings) { $0 == credential.secretId ? [credential] : [] }
    }

    /// Who made the call; `nil` where it is refused.
    func caller(_ verifier: CallVerifier) -> VerifiedCaller? {
        guard let call = try? APICall(method: "POST", query: query, body: body[...], header: header) else { return nil }
        return try? verifier.verify(call, body: body.span, now: Self.now)
    }

    /// What is taken apart has the parts that it was made of, within their bounds.
    func checkGrammar() throws {
        guard let parts = Authorization(authorization) else { return }
        let digits = parts.signature.span.indices.map { index -> String in
            let text = String(parts.signature.span[index], radix: 16)
            return text.count == 1 ? "0\(text)" : text
        }
        let plain =
            "TC3-HMAC-SHA256 Credential=\(parts.secretId)/\(String(decoding: parts.date, as: UTF8.self))/\(parts.service)"
            + "/tc3_request, SignedHeaders=\(parts.signedHeaders.joined(separator: ";")), Signature=\(digits.joined())"
        guard let again = Authorization(plain) else {
            throw BrokenPromise(description: "refused when written plainly: \(plain)")
        }
        try require(
            constantTimeEqual(again.signature, parts.signature) && again.signedHeaders == parts.signedHeaders, plain)
        let withoutSpaces = { (text: String) in text.utf8.filter { $0 != UInt8(ascii: " ") } }
        try require(withoutSpaces(plain) == withoutSpaces(authorization), "'\(authorization)' is taken for '\(plain)'")
    }

    /// Only who has the key can make a call that is let in.
    func checkForgery() throws {
        let verifier = Self.verifier()
        guard let caller = caller(verifier) else { return }
        try require(caller.secretId == Self.credential.secretId && caller.payloadIsSigned, "let in as \(caller)")
        try require(query.isEmpty && token == "a token", "let in with another token, or with a query")
        try require(self.caller(verifier) == nil, "let in a second time")

        guard let parts = Authorization(authorization), let seconds = Int(timestamp) else {
            throw BrokenPromise(description: "let in without a readable Authorization")
        }
        let types = [contentType, HeaderText.lowercased(contentType)].map(HeaderText.trimmed)
        let hosts = HostCandidates.of(HeaderText.trimmed(host), aliases: [])
        let isSigned = types.contains { type in
            hosts.contains { host in
                let signer = TC3Signer(credential: Self.credential, host: host, service: parts.service)
                let right = signer.sign(.post, contentType: type, body: body.span, timestamp: seconds).authorization
                return Authorization(right).map { constantTimeEqual($0.signature, parts.signature) } ?? false
            }
        }
        try require(isSigned || parts.signedHeaders != ["content-type", "host"], "let in, and nobody has signed it")
    }

    private func header(_ name: String) -> String? {
        switch name.lowercased() {
        case "authorization": authorization
        case "x-tc-timestamp": timestamp
        case "host": host
        case "content-type": contentType
        case "x-tc-token": token
        case "x-tc-action": "Invoke"
        case "x-tc-version": "2018-04-16"
        default: nil
        }
    }
}
