// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// The hash functions of signature method v1. The raw values are those of `SignatureMethod`.
///
/// Source: <https://cloud.tencent.com/document/product/583/17239>.
public enum V1Algorithm: String, Sendable, CaseIterable {
    /// HMAC with SHA-1: what a call means that names no method.
    case hmacSHA1 = "HmacSHA1"
    /// HMAC with SHA-256.
    case hmacSHA256 = "HmacSHA256"

    /// The function that a call's `SignatureMethod` means: "HmacSHA256 only if it is named, else HmacSHA1".
    init(signatureMethod: String?) {
        self = signatureMethod == Self.hmacSHA256.rawValue ? .hmacSHA256 : .hmacSHA1
    }

    /// The code that authenticates `text`: 20 or 32 bytes; none where OpenSSL is set up to refuse the hash function, so
    /// that no signature is right.
    func authenticate(_ text: Span<UInt8>, key: Secret) -> [UInt8] {
        let key = Array(key.reveal().utf8)
        let function = self == .hmacSHA256 ? EVP_sha256() : EVP_sha1()
        var code = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        // C's signature: where a buffer begins and how long it is.
        let result = text.withUnsafeBytes { text in
            HMAC(function, key, Int32(key.count), text.baseAddress, text.count, &code, &count)
        }
        return result == nil ? [] : Array(code.prefix(Int(count)))
    }
}

/// Base64 as signatures are written in it (RFC 4648, section 4).
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        // OpenSSL ends the text with a zero byte.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return String(decoding: text.prefix(Int(count)), as: UTF8.self)
    }
}
