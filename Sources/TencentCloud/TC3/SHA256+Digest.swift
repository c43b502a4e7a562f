// SPDX-License-Identifier: Apache-2.0

/// SHA-256 and HMAC-SHA256 for those above this target.
package enum SHA256 {
    /// The 32 bytes of SHA-256.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        let digest = SHA256Hasher().hash(bytes.span)
        return digest.indices.map { digest[$0] }
    }

    /// The 32 bytes of HMAC-SHA256 (RFC 2104).
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let digest = SHA256Hasher().authenticate(message.span, key: key.span)
        return digest.indices.map { digest[$0] }
    }
}
