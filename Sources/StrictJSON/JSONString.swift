// SPDX-License-Identifier: Apache-2.0

/// Writes text as a JSON string, and reads it back.
///
/// Quoting escapes what RFC 8259 demands and nothing else: quotes, backslashes, control characters.
public enum JSONString {
    /// Appends text as a JSON string, quotes included.
    ///
    /// - Parameters:
    ///   - text: Well-formed UTF-8. Nothing checks it here.
    ///   - output: Grows once, to the exact size needed, unless it has room already.
    public static func appendQuoted(_ text: ArraySlice<UInt8>, to output: inout [UInt8]) {
        QuotableText(text).append(to: &output)
    }

    /// Appends text as a JSON string, quotes included.
    public static func appendQuoted(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { QuotableText.append(UnsafeRawBufferPointer($0), to: &output) }
    }

    /// The text that a JSON string stands for.
    ///
    /// - Parameter literal: The string with its quotes, and nothing around it.
    /// - Returns: The text, in UTF-8.
    /// - Throws: Where and why it is no JSON string.
    public static func unquoted(_ literal: ArraySlice<UInt8>) throws(JSONSyntaxError) -> [UInt8] {
        guard literal.first == .quote else { throw JSONSyntaxError(.string, at: 0, in: literal) }
        var text: [UInt8] = []
        let end = try unquote(literal, from: literal.startIndex + 1, into: &text)
        guard end == literal.endIndex else {
            throw JSONSyntaxError(.endOfDocument, at: end - literal.startIndex, in: literal)
        }
        return text
    }

    /// The text of a string that has been checked: no check is made again, and nothing can go wrong.
    ///
    /// - Parameter literal: The string with its quotes, such as ``QuotedJSON/literal``. For what is no JSON string, the
    ///   text is unspecified.
    /// - Returns: The text, in UTF-8.
    public static func unescaped(checkedLiteral literal: ArraySlice<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        literal.dropFirst().dropLast().withUnsafeBytes { appendUnescaped($0, to: &text) }
        return text
    }

    /// Appends the text of the string whose first byte after the opening quote is at `start`.
    ///
    /// - Returns: The index after the closing quote.
    static func unquote(
        _ document: ArraySlice<UInt8>, from start: Int, into text: inout [UInt8]
    ) throws(JSONSyntaxError) -> Int {
        let end = try endOfString(in: document, from: start)
        document[start..<(end - 1)].withUnsafeBytes { appendUnescaped($0, to: &text) }
        return end
    }

    /// Checks a string and finds the index after its closing quote.
    static func endOfString(in document: ArraySlice<UInt8>, from start: Int) throws(JSONSyntaxError) -> Int {
        let (problem, offset) = document[start...].withUnsafeBytes { bytes -> (JSONExpectation?, Int) in
            guard let base = bytes.baseAddress else { return (.closingQuote, 0) }
            var cursor = PlainCursor(from: base, to: base + bytes.count)
            return (cursor.skipRestOfString(), cursor.position - base)
        }
        if let problem { throw JSONSyntaxError(problem, at: start + offset - document.startIndex, in: document) }
        return start + offset
    }
}

// MARK: - Unquoting

extension JSONString {
    /// Appends what the checked inside of a string stands for. It is never longer than what it is made from.
    static func appendUnescaped(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        guard !text.isEmpty, let input = text.baseAddress else { return }
        output.append(addingCapacity: text.count) { span in
            span.withUnsafeMutableBufferPointer { room, written in
                guard let start = room.baseAddress, room.count >= text.count else { return }
                written = writeUnescaped(from: input, to: input + text.count, into: start)
            }
        }
    }

    /// Writes the text and says how long it is. Eight bytes are copied at a time, for the reason given above.
    private static func writeUnescaped(
        from start: UnsafeRawPointer, to end: UnsafeRawPointer, into room: UnsafeMutableRawPointer
    ) -> Int {
        var input = start
        var output = room
        while input < end {
            if end - input >= 8 {
                let eight = word(at: input)
                output.storeBytes(of: eight.littleEndian, as: UInt64.self)
                let marks = specialsOfQuoting(eight)
                let plain = marks == 0 ? 8 : bytesBeforeMark(marks)
                input += plain
                output += plain
                if marks == 0 { continue }
            }
            let byte = input.load(as: UInt8.self)
            if byte == .backslash, end - input >= 2 {
                (input, output) = unescape(at: input, to: end, into: output)
            } else {
                output.storeBytes(of: byte, as: UInt8.self)
                input += 1
                output += 1
            }
        }
        return output - room
    }

    /// Writes the character of one escape, two escapes where it is a pair of surrogates.
    @inline(__always)
    private static func unescape(
        at input: UnsafeRawPointer, to end: UnsafeRawPointer, into output: UnsafeMutableRawPointer
    ) -> (UnsafeRawPointer, UnsafeMutableRawPointer) {
        let letter = (input + 1).load(as: UInt8.self)
        guard letter == .lowercaseU, let unit = hexQuad(at: input + 2, to: end) else {
            output.storeBytes(of: letter.unescaped ?? letter, as: UInt8.self)
            return (input + 2, output + 1)
        }
        if unit & 0xFC00 == 0xD800, end - input >= 12, let low = hexQuad(at: input + 8, to: end) {
            let scalar = 0x10000 &+ (unit & 0x3FF) &<< 10 &+ (low & 0x3FF)
            return (input + 12, writeUTF8(scalar, to: output))
        }
        return (input + 6, writeUTF8(unit, to: output))
    }

    @inline(__always)
    private static func writeUTF8(_ scalar: UInt32, to output: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
        func store(_ value: UInt32, _ index: Int) {
            (output + index).storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        }
        func continuation(_ shift: UInt32) -> UInt32 { 0x80 | (scalar &>> shift & 0x3F) }
        switch scalar {
        case ..<0x80:
            store(scalar, 0)
            return output + 1
        case ..<0x800:
            store(0xC0 | scalar &>> 6, 0)
            store(continuation(0), 1)
            return output + 2
        case ..<0x10000:
            store(0xE0 | scalar &>> 12, 0)
            store(continuation(6), 1)
            store(continuation(0), 2)
            return output + 3
        default:
            store(0xF0 | scalar &>> 18, 0)
            store(continuation(12), 1)
            store(continuation(6), 2)
            store(continuation(0), 3)
            return output + 4
        }
    }
}
