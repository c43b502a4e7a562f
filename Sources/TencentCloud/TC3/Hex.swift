// SPDX-License-Identifier: Apache-2.0

/// Lower-case hexadecimal, the only form that TC3 knows.
enum Hex {
    /// Appends the 64 digits of a digest.
    static func append(_ digest: SHA256Digest, to text: inout [UInt8]) {
        // In one piece, which the compiler makes of many digits at a time: a signature takes 192 of them.
        var digits = InlineArray<64, UInt8>(repeating: 0)
        for index in 0..<32 {
            digits[2 * index] = digit(digest[index] >> 4)
            digits[2 * index + 1] = digit(digest[index] & 0x0F)
        }
        digits.span.withUnsafeBufferPointer { text.append(contentsOf: $0) }
    }

    /// The digest that 64 lower-case digits stand for; `nil` for anything else.
    static func digest(_ text: some Collection<UInt8>) -> SHA256Digest? {
        guard text.count == 64 else { return nil }
        var digest = SHA256Digest(repeating: 0)
        for (position, character) in text.enumerated() {
            guard let value = value(character) else { return nil }
            digest[position / 2] = digest[position / 2] << 4 | value
        }
        return digest
    }

    /// Nothing branches: which digits come, nobody can guess.
    private static func digit(_ value: UInt8) -> UInt8 {
        UInt8(ascii: "0") &+ value &+ (value > 9 ? UInt8(ascii: "a") - UInt8(ascii: "0") - 10 : 0)
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
