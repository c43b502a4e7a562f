// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import TencentCloud

/// One recorded v1 call of an official client, from either fixture file, in one form.
struct V1Case: Sendable, CustomTestStringConvertible {
    var name: String
    var credential: Credential
    var method: String
    var host: String
    /// The query of a GET, the body of a POST.
    var form: String
    /// The parameters beside those that a signer adds.
    var parameters: [String: String]
    var timestamp: Int
    var nonce: UInt64
    /// `nil` where the call names none.
    var signatureMethod: String?
    var stringToSign: String
    var signature: String
    /// What the call has beside its parameters.
    var query = ""
    var body = ""

    var testDescription: String { name }

    var algorithm: V1Algorithm { V1Algorithm(signatureMethod: signatureMethod) }

    func header(_ name: String) -> String? {
        switch name {
        case "Host": host
        case "Content-Type": "application/x-www-form-urlencoded"
        default: nil
        }
    }

    /// The call as it comes in.
    func received() throws -> (call: APICall, body: [UInt8]) {
        let body = Array((method == "POST" ? form : self.body).utf8)
        let query = method == "POST" ? self.query : form
        return (try APICall(method: method, query: query, body: body[...], header: header), body)
    }

    /// A verifier that knows the call's credential.
    func verifier(
        _ settings: CallVerifier.Settings = CallVerifier.Settings(), credentials: [Credential]? = nil
    ) -> CallVerifier {
        let known = credentials ?? [credential]
        let secretId = credential.secretId
        return CallVerifier(settings) { $0 == secretId ? known : [] }
    }

    /// Verifies the call, at the time it was made unless said otherwise.
    @discardableResult
    func verify(
        by verifier: CallVerifier? = nil, now: Int? = nil, credentials: [Credential]? = nil
    ) throws -> VerifiedCaller {
        let (call, body) = try received()
        return try (verifier ?? self.verifier(credentials: credentials))
            .verify(call, body: body.span, now: now ?? timestamp)
    }

    /// The form with its parameters changed, and signed anew.
    mutating func sign(_ parameters: [(name: String, value: String)]) {
        let signer = V1Signer(credential: credential, host: host, algorithm: algorithm)
        form =
            signer.sign(method == "GET" ? .get : .post, parameters: parameters, timestamp: timestamp, nonce: nonce).form
    }
}

extension V1Case {
    /// All recorded calls.
    static let all: [V1Case] = published + wire

    static func named(_ name: String) throws -> V1Case {
        try #require(all.first { $0.name == name })
    }

    /// Calls given by their parts: `v1.public.json`.
    static let published: [V1Case] = SignedCase.load("v1.public").compactMap { fields in
        guard let form = fields["encoded"] as? String else { return nil }
        return V1Case(fields, form: form, signatureMethod: fields["algorithm"] as? String, expected: fields)
    }

    /// Whole requests: `v1.wire.json`.
    static let wire: [V1Case] = SignedCase.load("v1.wire").compactMap { fields in
        guard let expected = fields["expected"] as? [String: Any],
            let request = fields["request"] as? [String: Any],
            let query = request["query"] as? String,
            let body = Data(base64Encoded: request["bodyBase64"] as? String ?? "")
        else { return nil }
        let form = fields["method"] as? String == "GET" ? query : String(decoding: body, as: UTF8.self)
        return V1Case(fields, form: form, signatureMethod: fields["signatureMethod"] as? String, expected: expected)
    }

    private init?(_ fields: [String: Any], form: String, signatureMethod: String?, expected: [String: Any]) {
        guard let name = fields["name"] as? String,
            let secretId = fields["secretId"] as? String,
            let secretKey = fields["secretKey"] as? String,
            let method = fields["method"] as? String,
            let host = fields["host"] as? String,
            let timestamp = fields["timestamp"] as? Int,
            let nonce = fields["nonce"] as? UInt64,
            let stringToSign = expected["stringToSign"] as? String,
            let signature = expected["signature"] as? String,
            let all = try? FormParameters(ArraySlice(form.utf8))
        else { return nil }
        self.name = name
        credential = Credential(
            secretId: secretId, secretKey: Secret(secretKey), token: (fields["token"] as? String).map(Secret.init))
        self.method = method
        self.host = host
        self.form = form
        self.timestamp = timestamp
        self.nonce = nonce
        self.signatureMethod = signatureMethod
        self.stringToSign = stringToSign
        self.signature = signature
        let added = ["Nonce", "Timestamp", "Token", "SecretId", "SignatureMethod", "Signature"]
        parameters = Dictionary(uniqueKeysWithValues: all.all.map { ($0.name, $0.text ?? "") })
            .filter { !added.contains($0.key) }
    }
}
