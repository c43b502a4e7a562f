// SPDX-License-Identifier: Apache-2.0

/// Lower-case hexadecimal, the only form that TC3 knows.
enum Hex {
    /// Appends the 64 digits of a digest.
    static func append(_ digest: SHA256Digest, to text: inout [UInt8]) {
        text.append(addingCapacity: 64) { output in
            // Raw, to store eight digits at a time: a signature takes 192 of them.
            output.withUnsafeMutableBufferPointer { room, written in
                let room = UnsafeMutableRawBufferPointer(room)
                for index in stride(from: 0, to: 32, by: 4) {
                    let digits = digits(digest[index], digest[index + 1], digest[index + 2], digest[index + 3])
                    room.storeBytes(of: digits.littleEndian, toByteOffset: 2 * index, as: UInt64.self)
                }
                written = 64
            }
        }
    }

    /// The eight digits of four bytes, the first in the lowest place.
    private static func digits(_ first: UInt8, _ second: UInt8, _ third: UInt8, _ fourth: UInt8) -> UInt64 {
        // Each byte in a room of two, and there its upper half before its lower one.
        let rooms = UInt64(first) | UInt64(second) &<< 16 | UInt64(third) &<< 32 | UInt64(fourth) &<< 48
        let halves = (rooms &>> 4 | rooms &<< 8) & 0x0F0F_0F0F_0F0F_0F0F
        // 1 for each half that is more than 9. Nothing branches: which digits come, nobody can guess.
        let letters = (halves &+ 0x0606_0606_0606_0606) &>> 4 & 0x0101_0101_0101_0101
        let distance = UInt64(UInt8(ascii: "a") - UInt8(ascii: "0") - 10)
        return halves &+ 0x3030_3030_3030_3030 &+ letters &* distance
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

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
