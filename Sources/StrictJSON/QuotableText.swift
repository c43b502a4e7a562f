// SPDX-License-Identifier: Apache-2.0

/// Text that is going to be written as a JSON string, measured: the size is known before a byte is written.
///
/// Quoting escapes what RFC 8259 demands and nothing else: quotes, backslashes, control characters.
public struct QuotableText: Sendable {
    /// The text: well-formed UTF-8, which nothing checks here.
    public let text: ArraySlice<UInt8>
    /// The bytes of the string, its two quotes included.
    public let quotedByteCount: Int

    /// Measures text.
    public init(_ text: ArraySlice<UInt8>) {
        self.text = text
        quotedByteCount = 2 + text.count + text.withUnsafeBytes(Self.escapeSurplus)
    }

    /// Appends the string, quotes included.
    ///
    /// - Parameter output: Grows once, to the exact size needed, unless it has room already.
    public func append(to output: inout [UInt8]) {
        text.withUnsafeBytes { Self.append($0, quotedByteCount: quotedByteCount, to: &output) }
    }

    /// Appends a text that lies elsewhere, as a string.
    static func append(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        guard hasEscapes(text) else { return appendPlain(text, to: &output) }
        append(text, quotedByteCount: 2 + text.count + escapeSurplus(of: text), to: &output)
    }

    /// Whether anything in a text has to be escaped. Most lines of a log have nothing.
    private static func hasEscapes(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 8, let start = text.baseAddress else { return text.contains { surplusOfEscape($0) > 0 } }
        let last = start + (text.count - 8)
        var input = start
        while input < last {
            if specialsOfQuoting(word(at: input)) != 0 { return true }
            input += 8
        }
        // The last eight, of which some have been looked at.
        return specialsOfQuoting(word(at: last)) != 0
    }

    private static func appendPlain(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        output.append(addingCapacity: text.count + 2) { span in
            span.append(.quote)
            span.withUnsafeMutableBufferPointer { room, written in
                written = room[written...].update(fromContentsOf: text)
            }
            span.append(.quote)
        }
    }

    private static func append(
        _ text: UnsafeRawBufferPointer, quotedByteCount: Int, to output: inout [UInt8]
    ) {
        output.append(addingCapacity: quotedByteCount) { span in
            span.withUnsafeMutableBufferPointer { room, written in
                guard let start = room.baseAddress, room.count >= quotedByteCount else { return }
                write(text, quotedTo: start)
                written = quotedByteCount
            }
        }
    }

    /// By how many bytes escaping makes the text longer.
    ///
    /// Eight bytes are looked at together. Each byte of a word counts its own finds, and is emptied before it overflows.
    private static func escapeSurplus(of text: UnsafeRawBufferPointer) -> Int {
        guard var input = text.baseAddress else { return 0 }
        let end = input + text.count
        var surplus = 0
        while end - input >= 8 {
            let start = input
            let words = min((end - input) / 8, 255)
            var finds: UInt64 = 0
            var longEscapes: UInt64 = 0
            for _ in 0..<words {
                let eight = word(at: input)
                let control = controlBytes(eight)
                finds &+= (quotesAndBackslashes(eight) | control) &>> 7
                longEscapes |= control & ~controlsWithShortEscape(eight)
                input += 8
            }
            surplus +=
                longEscapes == 0
                ? sumOfBytes(finds)
                : UnsafeRawBufferPointer(start: start, count: 8 * words).reduce(0) { $0 + surplusOfEscape($1) }
        }
        return UnsafeRawBufferPointer(start: input, count: end - input).reduce(surplus) { $0 + surplusOfEscape($1) }
    }

    private static func surplusOfEscape(_ byte: UInt8) -> Int {
        switch byte {
        case .quote, .backslash, .lineFeed, .carriageReturn, .tab, 0x08, 0x0C: 1
        case ..<0x20: 5
        default: 0
        }
    }
}

// MARK: - Writing

extension QuotableText {
    /// Writes the string; the caller has made the room, to the byte.
    ///
    /// Eight bytes are stored before it is known how many of them count. They fit: each byte of input makes at least one
    /// of output, so where eight are left to read, there is room for eight.
    private static func write(_ text: UnsafeRawBufferPointer, quotedTo start: UnsafeMutableRawPointer) {
        var output = start
        output.storeBytes(of: .quote, as: UInt8.self)
        output += 1
        if var input = text.baseAddress {
            let end = input + text.count
            while end - input >= 8 {
                let eight = word(at: input)
                if specialsOfQuoting(eight) == 0 {
                    output.storeBytes(of: eight.littleEndian, as: UInt64.self)
                    output += 8
                } else if controlBytes(eight) == 0 {
                    output = write(eight, to: output)
                } else {
                    output = write(from: input, to: input + 8, to: output)
                }
                input += 8
            }
            output = write(from: input, to: end, to: output)
        }
        output.storeBytes(of: .quote, as: UInt8.self)
    }

    /// Writes eight bytes without control characters.
    ///
    /// Nothing branches, and no byte waits for the one before: where quotes are as frequent as in JSON, guessing wrong
    /// where the next one stands would cost more. How many escapes come up to each byte, one multiplication tells for all
    /// eight. Each byte's backslash is stored, and overwritten by the byte itself where it is not needed.
    @inline(__always)
    private static func write(_ eight: UInt64, to output: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        let escapes = (quotesAndBackslashes(eight) &>> 7) &* 0x0101_0101_0101_0101
        var before = 0
        for index in 0..<8 {
            let including = Int(UInt8(truncatingIfNeeded: escapes &>> UInt64(8 &* index)))
            let byte = UInt8(truncatingIfNeeded: eight &>> UInt64(8 &* index))
            (output + (index &+ before)).storeBytes(of: .backslash, as: UInt8.self)
            (output + (index &+ including)).storeBytes(of: byte, as: UInt8.self)
            before = including
        }
        return output + (8 &+ before)
    }

    /// Writes bytes one by one.
    @inline(__always)
    private static func write(
        from start: UnsafeRawPointer, to end: UnsafeRawPointer, to room: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var input = start
        var output = room
        while input < end {
            let byte = input.load(as: UInt8.self)
            if byte == .quote || byte == .backslash || byte < 0x20 {
                output = writeEscape(of: byte, to: output)
            } else {
                output.storeBytes(of: byte, as: UInt8.self)
                output += 1
            }
            input += 1
        }
        return output
    }

    @inline(__always)
    private static func writeEscape(of byte: UInt8, to output: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        output.storeBytes(of: .backslash, as: UInt8.self)
        let letter: UInt8
        switch byte {
        case .quote, .backslash: letter = byte
        case .lineFeed: letter = .lowercaseN
        case .carriageReturn: letter = .lowercaseR
        case .tab: letter = .lowercaseT
        case 0x08: letter = .lowercaseB
        case 0x0C: letter = .lowercaseF
        default: return writeUnicodeEscape(of: byte, to: output)
        }
        (output + 1).storeBytes(of: letter, as: UInt8.self)
        return output + 2
    }

    @inline(never)
    private static func writeUnicodeEscape(
        of byte: UInt8, to output: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        let low = byte & 0x0F
        let digits: [UInt8] = [
            .backslash, .lowercaseU, .zero, .zero, .zero + byte >> 4, low < 10 ? .zero + low : 0x61 + low - 10,
        ]
        for (index, digit) in digits.enumerated() { (output + index).storeBytes(of: digit, as: UInt8.self) }
        return output + digits.count
    }
}
