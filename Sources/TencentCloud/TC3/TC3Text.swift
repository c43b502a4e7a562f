// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Writes the texts that a TC3 signature is made from, for the signer and the verifier alike.
///
/// All are bytes, because all go into a hash. Their parts end in line feeds, which no part may contain.
enum TC3Text {
    /// The canonical request. The query is as sent, and empty for a POST; headers are in ASCII order of their names.
    static func canonicalRequest(
        method: String, query: String, headers: [TC3Header], payloadHash: SHA256Digest
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(256 + query.utf8.count)
        text.append(text: method)
        text.append(literal: "\n/\n")
        text.append(text: query)
        text.append(lineFeed)
        for header in headers {
            text.append(text: header.name)
            text.append(UInt8(ascii: ":"))
            text.append(text: header.value)
            text.append(lineFeed)
        }
        text.append(lineFeed)
        appendNames(of: headers, to: &text)
        text.append(lineFeed)
        Hex.append(payloadHash, to: &text)
        return text
    }

    /// The string to sign. The timestamp is the text of `X-TC-Timestamp`, as it stands in the header.
    static func stringToSign(
        timestamp: String, date: UTCDate, service: String, canonicalRequestHash: SHA256Digest
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(160)
        text.append(text: TC3.algorithm)
        text.append(lineFeed)
        text.append(text: timestamp)
        text.append(lineFeed)
        appendScope(date: date, service: service, to: &text)
        text.append(lineFeed)
        Hex.append(canonicalRequestHash, to: &text)
        return text
    }

    /// The value of the Authorization header.
    static func authorization(
        secretId: String, date: UTCDate, service: String, headers: [TC3Header], signature: SHA256Digest
    ) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(256)
        text.append(text: TC3.algorithm)
        text.append(literal: " Credential=")
        text.append(text: secretId)
        text.append(UInt8(ascii: "/"))
        appendScope(date: date, service: service, to: &text)
        text.append(literal: ", SignedHeaders=")
        appendNames(of: headers, to: &text)
        text.append(literal: ", Signature=")
        Hex.append(signature, to: &text)
        return text
    }

    /// The credential scope: `2019-02-25/scf/tc3_request`.
    static func appendScope(date: UTCDate, service: String, to text: inout [UInt8]) {
        date.append(to: &text)
        text.append(UInt8(ascii: "/"))
        text.append(text: service)
        text.append(UInt8(ascii: "/"))
        text.append(text: TC3.terminator)
    }

    private static func appendNames(of headers: [TC3Header], to text: inout [UInt8]) {
        for (index, header) in headers.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ";")) }
            text.append(text: header.name)
        }
    }

    private static let lineFeed = UInt8(ascii: "\n")
}
