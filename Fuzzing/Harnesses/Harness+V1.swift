// SPDX-License-Identifier: Apache-2.0

@testable import TencentCloud

extension Harness {
    /// A form that claims to be signed with v1. What is let in has the string to sign of a call that was signed, passes
    /// once, and names nothing twice.
    static let v1 = Harness(name: "v1") { input throws in
        let verifier = verifierOfV1()
        guard let (caller, form) = verifiedByV1(input, verifier) else { return }
        try require(caller.secretId == credential.secretId, "let in as \(caller.secretId)")
        try require(verifiedByV1(input, verifier) == nil, "let in a second time")
        try require(Set(form.all.map(\.name)).count == form.all.count, "a name comes twice")
        try require(isSigned(form), "let in, and nobody has signed it")
    }

    static func verifierOfV1() -> CallVerifier {
        CallVerifier { $0 == credential.secretId ? [credential] : [] }
    }

    /// Who made a call and with what; `nil` where it is refused.
    static func verifiedByV1(
        _ input: ArraySlice<UInt8>, _ verifier: CallVerifier
    ) -> (caller: VerifiedCaller, form: FormParameters)? {
        let header = { (name: String) -> String? in
            switch name.lowercased() {
            case "host": host
            case "content-type": FormParameters.mediaType
            default: nil
            }
        }
        let body = Array(input)
        guard let call = try? APICall(method: "POST", query: "", body: body[...], header: header), let form = call.form,
            let caller = try? verifier.verify(call, body: body.span, now: now)
        else { return nil }
        return (caller, form)
    }

    private static let credential = Credential(secretId: "AKIDFUZZ", secretKey: Secret("a key of the fuzzer's"))
    private static let host = "relay.example"
    private static let now = 1_700_000_000

    /// Signs the same text once more, put together another way.
    private static func isSigned(_ form: FormParameters) -> Bool {
        let isSHA256 = form["SignatureMethod"] == "HmacSHA256"
        let signed = form.all.filter { $0.name != "Signature" }
        let texts = [".", "_"].map { mark in
            let pairs = signed.map { parameter -> (name: [UInt8], text: [UInt8]) in
                let name = parameter.name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: mark) : $0 }
                return (name, name + [UInt8(ascii: "=")] + parameter.value)
            }
            let ordered = pairs.sorted { $0.name.lexicographicallyPrecedes($1.name) }
            return Array("POST\(host)/?".utf8) + ordered.map(\.text).joined(separator: [UInt8(ascii: "&")])
        }
        let algorithm = V1Algorithm(signatureMethod: isSHA256 ? "HmacSHA256" : nil)
        return texts.contains { text in
            Base64.encode(algorithm.authenticate(text.span, key: credential.secretKey)) == form["Signature"]
        }
    }
}

extension UInt8 {
    fileprivate init(ascii text: String) {
        self = text.utf8.first ?? 0
    }
}
