// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// The hash functions that senders use.
public enum HashFunction: String, Sendable, CaseIterable {
    /// SHA-1. Broken for signatures of documents, but not as HMAC (RFC 6151's reasoning holds for it).
    case sha1
    /// SHA-256.
    case sha256
    /// SHA-512.
    case sha512

    /// Bytes of a code.
    var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// HMAC (RFC 2104) of a message.
    func authenticate(_ message: ArraySlice<UInt8>, key: [UInt8]) -> [UInt8] {
        let algorithm =
            switch self {
            case .sha1: EVP_sha1()
            case .sha256: EVP_sha256()
            case .sha512: EVP_sha512()
            }
        var code = [UInt8](repeating: 0, count: byteCount)
        // C's signature: where a buffer begins and how long it is. An empty key may have no place at all, which HMAC()
        // would take for "the key of last time"; hence the one byte more.
        let result = message.withUnsafeBytes { message in
            HMAC(algorithm, key + [0], Int32(key.count), message.baseAddress, message.count, &code, nil)
        }
        // It fails only where OpenSSL itself is broken, or the function is forbidden; then nothing can be compared.
        guard result != nil else { fatalError("OpenSSL: HMAC failed") }
        return code
    }
}

/// Whether two codes are equal, in a time that depends on their lengths alone.
func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}

/// Compares texts whose lengths are secret too: both are hashed with a key that nobody knows, so that the time taken
/// says nothing about either.
enum TokenComparison {
    private static let key: [UInt8] = {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in generator.next() }
    }()

    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        let leftCode = HashFunction.sha256.authenticate(left[...], key: key)
        let rightCode = HashFunction.sha256.authenticate(right[...], key: key)
        return CRYPTO_memcmp(leftCode, rightCode, leftCode.count) == 0
    }
}
