// SPDX-License-Identifier: Apache-2.0

/// What decoding of `%XX` and `+` came to.
package enum PercentDecoding {
    /// There was nothing to decode.
    case unchanged
    /// The decoded bytes.
    case decoded([UInt8])
    /// The offset of a `%` that no two hexadecimal digits follow.
    case malformed(offset: Int)
}

/// Decodes `%XX`, and `+` as a space.
///
/// A megabyte of JSON comes as up to three; so it is looked at, and copied, eight bytes at a time. That, and writing to
/// memory that nothing has cleared first, needs pointers; the decoded text is never longer than the encoded one.
package func percentDecoded(_ text: ArraySlice<UInt8>) -> PercentDecoding {
    text.withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress else { return .unchanged }
        let end = start + bytes.count
        guard skipUnencoded(from: start, to: end) < end else { return .unchanged }

        var malformed: Int?
        let decoded = [UInt8](unsafeUninitializedCapacity: bytes.count) { room, written in
            guard let output = room.baseAddress else { return }
            let result = hexDigits.withUnsafeBufferPointer { digits in
                decode(from: start, to: end, into: UnsafeMutableRawPointer(output), digits: digits)
            }
            switch result {
            case .success(let count): written = count
            case .failure(let problem): malformed = problem.offset
            }
        }
        if let malformed { return .malformed(offset: malformed) }
        return .decoded(decoded)
    }
}

private struct Malformed: Error {
    let offset: Int
}

private func decode(
    from start: UnsafeRawPointer, to end: UnsafeRawPointer, into room: UnsafeMutableRawPointer,
    digits: UnsafeBufferPointer<UInt8>
) -> Result<Int, Malformed> {
    var input = start
    var output = room
    while input < end {
        if end - input >= 8 {
            let word = input.loadUnaligned(as: UInt64.self)
            output.storeBytes(of: word, as: UInt64.self)
            let marks = encodedBytes(UInt64(littleEndian: word))
            let plain = marks == 0 ? 8 : marks.trailingZeroBitCount &>> 3
            input += plain
            output += plain
            if marks == 0 { continue }
        }
        // Encoded bytes like company: a Chinese character makes three of them.
        repeat {
            var byte = input.load(as: UInt8.self)
            if byte == UInt8(ascii: "%") {
                guard end - input >= 3 else { return .failure(Malformed(offset: input - start)) }
                let high = digits[Int((input + 1).load(as: UInt8.self))]
                let low = digits[Int((input + 2).load(as: UInt8.self))]
                guard high | low < 16 else { return .failure(Malformed(offset: input - start)) }
                byte = high &<< 4 | low
                input += 3
            } else {
                if byte == UInt8(ascii: "+") { byte = UInt8(ascii: " ") }
                input += 1
            }
            output.storeBytes(of: byte, as: UInt8.self)
            output += 1
        } while input < end && input.load(as: UInt8.self) == UInt8(ascii: "%")
    }
    return .success(output - room)
}

private func skipUnencoded(from start: UnsafeRawPointer, to end: UnsafeRawPointer) -> UnsafeRawPointer {
    var pointer = start
    while end - pointer >= 8, encodedBytes(pointer.loadUnaligned(as: UInt64.self)) == 0 { pointer += 8 }
    while pointer < end {
        let byte = pointer.load(as: UInt8.self)
        if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") { break }
        pointer += 1
    }
    return pointer
}

/// Marks `%` and `+` among eight bytes; the lowest mark is exact.
@inline(__always)
private func encodedBytes(_ word: UInt64) -> UInt64 {
    let percents = word ^ 0x2525_2525_2525_2525
    let pluses = word ^ 0x2B2B_2B2B_2B2B_2B2B
    let found = (percents &- 0x0101_0101_0101_0101) | (pluses &- 0x0101_0101_0101_0101)
    return found & ~word & 0x8080_8080_8080_8080
}

/// The value of each hexadecimal digit, and 0xFF for every other byte.
private let hexDigits: [UInt8] = (UInt8.min...UInt8.max).map { byte in
    UInt8(String(UnicodeScalar(byte)), radix: 16) ?? 0xFF
}

/// The first place of a byte, found eight bytes at a time: bodies are long, and mostly do not hold it.
package func firstIndex(of wanted: UInt8, in bytes: ArraySlice<UInt8>) -> Int? {
    let offset: Int? = bytes.withUnsafeBytes { buffer in
        let pattern = UInt64(wanted) &* 0x0101_0101_0101_0101
        var offset = 0
        while buffer.count - offset >= 8 {
            let difference = buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ pattern
            if (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0 { break }
            offset += 8
        }
        return buffer[offset...].firstIndex(of: wanted)
    }
    return offset.map { bytes.startIndex + $0 }
}
