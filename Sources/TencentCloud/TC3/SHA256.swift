// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// A SHA-256 value: 32 bytes, kept in place.
typealias SHA256Digest = InlineArray<32, UInt8>

/// Computes SHA-256 and HMAC-SHA256 with OpenSSL; one value serves any number of texts, one after the other.
///
/// It owns one `EVP_MD_CTX`. OpenSSL's one-shot `SHA256()` and `HMAC()` look the algorithm up at every call, which
/// costs more than hashing a small text; this looks it up once per process.
struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    init() {
        guard let context = EVP_MD_CTX_new() else { fatalError("out of memory: EVP_MD_CTX_new") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// SHA-256 of `bytes`, which are read where they stand.
    func hash(_ bytes: Span<UInt8>) -> SHA256Digest {
        start()
        update(bytes)
        return finish()
    }

    /// SHA-256 of what the pieces make together.
    func hash(pieces: [ArraySlice<UInt8>]) -> SHA256Digest {
        start()
        for piece in pieces { update(piece.span) }
        return finish()
    }

    /// HMAC-SHA256 of `message` (RFC 2104).
    func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> SHA256Digest {
        let block = paddedToBlock(key)
        let inner = hash(message, after: block, xor: 0x36)
        return hash(inner.span, after: block, xor: 0x5C)
    }

    /// The key as one block of SHA-256: a longer key is hashed first, a shorter one is filled up with zeros.
    private func paddedToBlock(_ key: Span<UInt8>) -> InlineArray<64, UInt8> {
        var block = InlineArray<64, UInt8>(repeating: 0)
        if key.count > block.count {
            let digest = hash(key)
            for index in digest.indices { block[index] = digest[index] }
        } else {
            for index in key.indices { block[index] = key[index] }
        }
        return block
    }

    private func hash(
        _ message: Span<UInt8>, after block: InlineArray<64, UInt8>, xor mask: UInt8
    ) -> SHA256Digest {
        var masked = block
        for index in masked.indices { masked[index] ^= mask }
        start()
        update(masked.span)
        update(message)
        return finish()
    }

    private func start() {
        check(EVP_DigestInit_ex2(context, Self.algorithm, nil), "EVP_DigestInit_ex2")
    }

    private func update(_ bytes: Span<UInt8>) {
        let result = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        check(result, "EVP_DigestUpdate")
    }

    private func finish() -> SHA256Digest {
        var digest = SHA256Digest(repeating: 0)
        var span = digest.mutableSpan
        let result = span.withUnsafeMutableBufferPointer { EVP_DigestFinal_ex(context, $0.baseAddress, nil) }
        check(result, "EVP_DigestFinal_ex")
        return digest
    }

    /// Hashing in memory fails only where OpenSSL itself is broken; a signature made of a wrong hash helps nobody.
    private func check(_ result: Int32, _ function: StaticString) {
        guard result == 1 else { fatalError("OpenSSL: \(function) failed") }
    }

    // OpenSSL's algorithm objects are immutable and may be shared by all threads.
    private nonisolated(unsafe) static let algorithm: OpaquePointer = {
        guard let algorithm = EVP_MD_fetch(nil, "SHA256", nil) else { fatalError("OpenSSL offers no SHA-256") }
        return algorithm
    }()
}

/// Whether two digests are equal, in a time that does not depend on where they differ.
func constantTimeEqual(_ left: SHA256Digest, _ right: SHA256Digest) -> Bool {
    left.span.withUnsafeBytes { leftBytes in
        right.span.withUnsafeBytes { rightBytes in
            CRYPTO_memcmp(leftBytes.baseAddress, rightBytes.baseAddress, leftBytes.count) == 0
        }
    }
}
