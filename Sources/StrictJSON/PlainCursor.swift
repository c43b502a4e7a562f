// SPDX-License-Identifier: Apache-2.0

/// A place in a JSON text that lies as it is.
struct PlainCursor: JSONCursor {
    var position: UnsafeRawPointer
    let end: UnsafeRawPointer

    @inline(__always)
    init(from position: UnsafeRawPointer, to end: UnsafeRawPointer) {
        self.position = position
        self.end = end
    }

    @inline(__always)
    var isAtEndOfBytes: Bool { position == end }

    @inline(__always)
    mutating func peek() -> UInt8 {
        guard position < end else { return 0 }
        let byte = position.load(as: UInt8.self)
        if byte > .space { return byte }
        position = Self.skipWhitespace(from: position, to: end)
        return position < end ? position.load(as: UInt8.self) : 0
    }

    @inline(never)
    private static func skipWhitespace(from pointer: UnsafeRawPointer, to end: UnsafeRawPointer) -> UnsafeRawPointer {
        var pointer = pointer
        while pointer < end, pointer.load(as: UInt8.self).isWhitespace {
            pointer += 1
            while end - pointer >= 8, isAllSpaces(word(at: pointer)) { pointer += 8 }
        }
        return pointer
    }

    @inline(__always)
    func isAtQuote() -> Bool { position < end && position.load(as: UInt8.self) == .quote }

    @inline(__always)
    mutating func skipQuote() { position += 1 }

    @inline(__always)
    mutating func skipCommaAndQuote() -> Bool {
        guard end - position >= 2, twoBytes(at: position) == 0x222C else { return false }
        position += 2
        return true
    }

    @inline(__always)
    mutating func skipQuoteAndColon() -> Bool {
        guard end - position >= 2, twoBytes(at: position) == 0x3A22 else { return false }
        position += 2
        return true
    }

    @inline(__always)
    mutating func skipRestOfString() -> JSONExpectation? {
        position = skipPlainText(from: position, to: end)
        if isAtQuote() {
            position += 1
            return nil
        }
        let (behind, problem) = Self.endOfString(self)
        self = behind
        return problem
    }

    /// The rest of a string in which there is more than plain text.
    @inline(never)
    private static func endOfString(_ start: PlainCursor) -> (PlainCursor, JSONExpectation?) {
        var cursor = start
        let problem = cursor.skipRestOfAnyString()
        return (cursor, problem)
    }

    @inline(__always)
    private mutating func skipRestOfAnyString() -> JSONExpectation? {
        while true {
            position = skipPlainText(from: position, to: end)
            guard position < end else { return .closingQuote }
            var byte = position.load(as: UInt8.self)
            if byte == .quote {
                position += 1
                return nil
            }
            if byte == .backslash {
                if let problem = skipEscape() { return problem }
                continue
            }
            guard byte >= 0x80 else { return .stringCharacter }
            repeat {
                let length = lengthOfUTF8Sequence(at: position, to: end)
                if length == 0 { return .wellFormedUTF8 }
                position += length
                guard position < end else { return .closingQuote }
                byte = position.load(as: UInt8.self)
            } while byte >= 0x80
        }
    }

    /// Moves past a backslash and what belongs to it.
    @inline(__always)
    private mutating func skipEscape() -> JSONExpectation? {
        position += 1
        guard position < end else { return .escape }
        let letter = position.load(as: UInt8.self)
        if letter == .lowercaseU { return skipUnicodeEscape() }
        if letter.unescaped == nil { return .escape }
        position += 1
        return nil
    }

    /// Moves past `uXXXX`, and past the `\uXXXX` of a low surrogate where the first is a high one.
    @inline(__always)
    private mutating func skipUnicodeEscape() -> JSONExpectation? {
        guard let unit = hexQuad(at: position + 1, to: end) else { return badHexQuad() }
        guard unit & 0xF800 == 0xD800 else {
            position += 5
            return nil
        }
        guard unit < 0xDC00 else {
            position -= 1
            return .highSurrogate
        }
        position += 5
        guard end - position >= 2, (position + 0).load(as: UInt8.self) == .backslash,
            (position + 1).load(as: UInt8.self) == .lowercaseU
        else { return .lowSurrogate }
        guard let second = hexQuad(at: position + 2, to: end) else {
            position += 1
            return badHexQuad()
        }
        guard second & 0xFC00 == 0xDC00 else { return .lowSurrogate }
        position += 6
        return nil
    }

    /// Moves from the `u` to the first byte that is no hexadecimal digit.
    @inline(never)
    private mutating func badHexQuad() -> JSONExpectation {
        repeat { position += 1 } while position < end && hexDigit(position.load(as: UInt8.self)) != 0xFF
        return .hexDigit
    }
}
