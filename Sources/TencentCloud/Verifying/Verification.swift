// SPDX-License-Identifier: Apache-2.0

/// What verifying one call has shown.
struct Verification {
    let caller: VerifiedCaller
    /// When the caller signed, in UNIX seconds; inside the clock window.
    let timestamp: Int
    let fingerprint: SignatureFingerprint
}

/// 16 bytes of a signature that was verified. Whoever has no key can make no two calls that share them.
struct SignatureFingerprint: Hashable {
    private let high: UInt64
    private let low: UInt64

    /// - Parameter signature: A message authentication code of at least 16 bytes.
    init(_ signature: Span<UInt8>) {
        func word(at start: Int) -> UInt64 {
            (start..<start + 8).reduce(0) { $0 << 8 | UInt64(signature[$1]) }
        }
        high = word(at: 0)
        low = word(at: 8)
    }
}
