// SPDX-License-Identifier: Apache-2.0

/// Whether the texts of a header field stay within its line: libcurl passes on whatever it is given.
///
/// Eight bytes are looked at together: each call has some hundreds.
enum HeaderText {
    /// At least one byte, and no space, control character or colon.
    static func isName(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        !bytes.isEmpty && !hasAny(bytes, below: 0x21) && !bytes.contains(UInt8(ascii: ":"))
    }

    /// No control character but the tab.
    static func isValue(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        !hasAny(bytes, below: 0x20) || bytes.allSatisfy { $0 >= 0x20 || $0 == UInt8(ascii: "\t") }
    }

    private static func hasAny(_ bytes: UnsafeBufferPointer<UInt8>, below bound: UInt8) -> Bool {
        let raw = UnsafeRawBufferPointer(bytes)
        guard raw.count >= 8 else { return raw.contains { $0 < bound } }
        var found: UInt64 = 0
        for offset in stride(from: 0, to: raw.count - 8, by: 8) { found |= marks(in: raw, at: offset, below: bound) }
        // The last eight, of which some have been looked at.
        found |= marks(in: raw, at: raw.count - 8, below: bound)
        return found != 0
    }

    /// The top bit of each byte below the bound. What is borrowed may set bits above a find, never without one.
    private static func marks(in bytes: UnsafeRawBufferPointer, at offset: Int, below bound: UInt8) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        return (word &- ones &* UInt64(bound)) & ~word & 0x8080_8080_8080_8080
    }
}
