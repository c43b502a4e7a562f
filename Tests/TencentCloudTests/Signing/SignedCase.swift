// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import TencentCloud

/// One recorded call of an official client, from either fixture file, in one form.
struct SignedCase: Sendable, CustomTestStringConvertible {
    var name: String
    var credential: Credential
    var service: String
    var method: String
    var query: String
    var headers: [String: String]
    var signedHost: String
    var body: [UInt8]
    var timestamp: Int
    var unsignedPayload: Bool
    var canonicalRequest: String
    var stringToSign: String
    var authorization: String

    var testDescription: String { name }

    /// The headers that were signed beside Content-Type and Host, with their values as sent.
    var extraHeaders: [TC3Header] {
        guard let list = authorization.components(separatedBy: "SignedHeaders=").last?.split(separator: ",").first
        else { return [] }
        return list.split(separator: ";").map(String.init)
            .filter { $0 != "content-type" && $0 != "host" }
            .map { TC3Header($0, header($0) ?? "") }
    }

    func header(_ name: String) -> String? {
        headers.first { $0.key.lowercased() == name.lowercased() }?.value
    }
}

extension SignedCase {
    /// All recorded calls.
    static let all: [SignedCase] = published + wire

    /// Calls given by their parts: `tc3.public.json`.
    static let published: [SignedCase] = load("tc3.public").compactMap { fields in
        guard var call = SignedCase(common: fields, expected: fields),
            let contentType = fields["contentType"] as? String,
            let host = fields["host"] as? String,
            let body = Data(base64Encoded: fields["bodyBase64"] as? String ?? "")
        else { return nil }
        call.query = fields["query"] as? String ?? ""
        call.body = Array(body)
        call.signedHost = host
        call.headers = [
            "Content-Type": contentType, "Host": host, "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16",
            "X-TC-Timestamp": String(call.timestamp), "X-TC-Language": fields["language"] as? String ?? "",
            "X-TC-Token": call.credential.token?.reveal() ?? "",
            "X-TC-Content-SHA256": call.unsignedPayload ? "UNSIGNED-PAYLOAD" : "", "Authorization": call.authorization,
        ]
        return call
    }

    /// Whole requests: `tc3.wire.json`.
    static let wire: [SignedCase] = load("tc3.wire").compactMap { fields in
        guard let expected = fields["expected"] as? [String: Any],
            let request = fields["request"] as? [String: Any],
            var call = SignedCase(common: fields, expected: expected),
            let headers = request["headers"] as? [String: String],
            let host = headers["Host"],
            let body = body(of: request)
        else { return nil }
        call.query = request["query"] as? String ?? ""
        call.body = body
        call.headers = headers
        call.headers["Authorization"] = call.authorization
        call.signedHost = request["signedHost"] as? String ?? host
        return call
    }

    private init?(common fields: [String: Any], expected: [String: Any]) {
        guard let name = fields["name"] as? String,
            let secretId = fields["secretId"] as? String,
            let secretKey = fields["secretKey"] as? String,
            let method = fields["method"] as? String,
            let timestamp = fields["timestamp"] as? Int,
            let canonicalRequest = expected["canonicalRequest"] as? String,
            let stringToSign = expected["stringToSign"] as? String,
            let authorization = expected["authorization"] as? String
        else { return nil }
        self.name = name
        credential = Credential(
            secretId: secretId, secretKey: Secret(secretKey), token: (fields["token"] as? String).map(Secret.init))
        service = stringToSign.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        self.method = method
        self.timestamp = timestamp
        unsignedPayload = fields["unsignedPayload"] as? Bool ?? false
        self.canonicalRequest = canonicalRequest
        self.stringToSign = stringToSign
        self.authorization = authorization
        query = ""
        headers = [:]
        signedHost = ""
        body = []
    }

    private static func body(of request: [String: Any]) -> [UInt8]? {
        if let text = request["bodyBase64"] as? String { return Data(base64Encoded: text).map(Array.init) }
        guard let generator = request["bodyGenerator"] as? [String: Any],
            let prefix = Data(base64Encoded: generator["prefixBase64"] as? String ?? ""),
            let unit = Data(base64Encoded: generator["unitBase64"] as? String ?? ""),
            let count = generator["count"] as? Int,
            let suffix = Data(base64Encoded: generator["suffixBase64"] as? String ?? "")
        else { return nil }
        return Array(prefix) + repeatElement(Array(unit), count: count).joined() + Array(suffix)
    }

    static func load(_ name: String) -> [[String: Any]] {
        guard let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"),
            let data = try? Data(contentsOf: url),
            let document = try? JSONSerialization.jsonObject(with: data)
        else { return [] }
        let cases = (document as? [String: Any])?["cases"] ?? document
        return cases as? [[String: Any]] ?? []
    }
}
