// SPDX-License-Identifier: Apache-2.0

/// The parts of a canonical request and of its string to sign, to be put together rightly or with one thing wrong.
///
/// ``TC3Text`` writes what is right; this writes what a client may have written instead.
struct CanonicalText: Equatable {
    var method: String
    var path = "/"
    var query: String
    /// By name, in the order in which they are signed.
    var headers: [TC3Header]
    var endsHeadersWithEmptyLine = true
    /// 64 hex digits.
    var payloadHash: String
    var timestamp: String
    var date: String
    var service: String
    /// What stands before SecretKey where the chain of keys begins.
    var keyPrefix = "TC3"

    var canonicalRequest: String {
        let lines =
            [method, path, query] + headers.map { "\($0.name):\($0.value)" }
            + (endsHeadersWithEmptyLine ? [""] : [])
            + [headers.map(\.name).joined(separator: ";"), payloadHash]
        return lines.joined(separator: "\n")
    }

    var stringToSign: String {
        let hash = Hex.text(SHA256Hasher().hash(Array(canonicalRequest.utf8).span))
        return [TC3.algorithm, timestamp, "\(date)/\(service)/\(TC3.terminator)", hash].joined(separator: "\n")
    }

    /// Whether this text, signed with a key, gives a signature.
    func gives(_ signature: SHA256Digest, with secretKey: Secret) -> Bool {
        let hasher = SHA256Hasher()
        var key = Array("\(keyPrefix)\(secretKey.reveal())".utf8)
        for step in [date, service, TC3.terminator] {
            let derived = hasher.authenticate(Array(step.utf8).span, key: key.span)
            key = derived.indices.map { derived[$0] }
        }
        return constantTimeEqual(hasher.authenticate(Array(stringToSign.utf8).span, key: key.span), signature)
    }

    mutating func set(_ name: String, to value: String) {
        guard let index = headers.firstIndex(where: { $0.name == name }) else { return }
        headers[index] = TC3Header(name: name, value: value)
    }

    static func hash(_ body: [UInt8]) -> String { Hex.text(SHA256Hasher().hash(body.span)) }
}
