// SPDX-License-Identifier: Apache-2.0

/// A place in a JSON text that lies inside a JSON string, such as `{\"key\":\"value\"}`, and is read where it lies.
///
/// The text ends at the first quote without a backslash. Only what real writers of JSON produce is followed: `\"`, `\\`,
/// whitespace escapes between tokens, `\uXXXX` in strings. For anything else, wrong or merely strange, the walk gives up,
/// and the caller unquotes the text and walks it plain. So this cursor never has to say what was wrong, but what it
/// accepts must be right.
///
/// The last byte before `end` is a quote that no backslash stands before. No token goes past it, and no backslash is the
/// last byte: so neither has to be asked for at each step.
struct QuotedCursor: JSONCursor {
    var position: UnsafeRawPointer
    let end: UnsafeRawPointer
    /// By how many bytes what was passed is longer than what it stands for.
    private(set) var surplus = 0

    @inline(__always)
    init(from position: UnsafeRawPointer, to end: UnsafeRawPointer) {
        self.position = position
        self.end = end
    }

    @inline(__always)
    var isAtEndOfBytes: Bool { false }

    @inline(__always)
    mutating func peek() -> UInt8 {
        let byte = position.load(as: UInt8.self)
        if byte > .quote, byte != .backslash { return byte }
        if isAtQuote() { return .quote }
        let (behind, character) = Self.behindWhitespace(self)
        self = behind
        return character
    }

    /// Skips whitespace, bare spaces and escapes, and shows the next character.
    @inline(never)
    private static func behindWhitespace(_ start: QuotedCursor) -> (QuotedCursor, UInt8) {
        var cursor = start
        let character = cursor.peekBehindWhitespace()
        return (cursor, character)
    }

    private mutating func peekBehindWhitespace() -> UInt8 {
        while true {
            if isAtQuote() { return .quote }
            let byte = position.load(as: UInt8.self)
            if byte == .space {
                position += 1
                while end - position >= 8, isAllSpaces(word(at: position)) { position += 8 }
            } else if byte == .backslash {
                let letter = (position + 1).load(as: UInt8.self)
                guard letter == .lowercaseN || letter == .lowercaseT || letter == .lowercaseR else { return 0 }
                position += 2
                surplus &+= 1
            } else {
                return byte == .quote ? 0 : byte
            }
        }
    }

    /// Whether the quote stands here that closes the outer string.
    @inline(__always)
    mutating func isAtEnd() -> Bool {
        peek() == 0 && position.load(as: UInt8.self) == .quote
    }

    @inline(__always)
    func isAtQuote() -> Bool {
        position.load(as: UInt8.self) == .backslash && (position + 1).load(as: UInt8.self) == .quote
    }

    /// The next three bytes, the first in the lowest place; 0 near the end.
    @inline(__always)
    private func threeBytes() -> UInt32 {
        guard end - position >= 4 else { return 0 }
        return UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)) & 0xFF_FFFF
    }

    @inline(__always)
    mutating func skipQuote() {
        position += 2
        surplus &+= 1
    }

    @inline(__always)
    mutating func skipCommaAndQuote() -> Bool {
        guard threeBytes() == 0x225C2C else { return false }
        position += 3
        surplus &+= 1
        return true
    }

    @inline(__always)
    mutating func skipQuoteAndColon() -> Bool {
        guard threeBytes() == 0x3A225C else { return false }
        position += 3
        surplus &+= 1
        return true
    }

    @inline(__always)
    mutating func skipRestOfString() -> JSONExpectation? {
        position = skipPlainText(from: position, to: end)
        if isAtQuote() {
            skipQuote()
            return nil
        }
        let (behind, problem) = Self.endOfString(self)
        self = behind
        return problem
    }

    /// The rest of a string in which there is more than plain text.
    @inline(never)
    private static func endOfString(_ start: QuotedCursor) -> (QuotedCursor, JSONExpectation?) {
        var cursor = start
        let problem = cursor.skipRestOfAnyString()
        return (cursor, problem)
    }

    @inline(__always)
    private mutating func skipRestOfAnyString() -> JSONExpectation? {
        while true {
            position = skipPlainText(from: position, to: end)
            if isAtQuote() {
                skipQuote()
                return nil
            }
            let byte = position.load(as: UInt8.self)
            if byte == .backslash {
                switch (position + 1).load(as: UInt8.self) {
                case .backslash: if !skipEscape() { return .escape }
                case .lowercaseU: if !skipQuotedCharacter() { return .stringCharacter }
                case .slash:
                    position += 2
                    surplus &+= 1
                default: return .stringCharacter
                }
            } else {
                guard byte >= 0x80 else { return .closingQuote }
                repeat {
                    let length = lengthOfUTF8Sequence(at: position, to: end)
                    if length == 0 { return .wellFormedUTF8 }
                    position += length
                } while position.load(as: UInt8.self) >= 0x80
            }
        }
    }

    /// Moves past an escape of the inner text, whose backslash lies as `\\`: `\\n`, `\\\"`, `\\\\`, `\\u4e2d`.
    @inline(__always)
    private mutating func skipEscape() -> Bool {
        guard end - position >= 4 else { return false }
        let letter = (position + 2).load(as: UInt8.self)
        switch letter {
        case .backslash:
            let quoted = (position + 3).load(as: UInt8.self)
            guard quoted == .quote || quoted == .backslash || quoted == .slash else { return false }
            position += 4
            surplus &+= 2
        case .slash, .lowercaseB, .lowercaseF, .lowercaseN, .lowercaseR, .lowercaseT:
            position += 3
            surplus &+= 1
        case .lowercaseU: return skipUnicodeEscape()
        default: return false
        }
        return true
    }

    /// Moves past `\\uXXXX`, and past the `\\uXXXX` of a low surrogate where the first is a high one.
    @inline(__always)
    private mutating func skipUnicodeEscape() -> Bool {
        guard let unit = hexQuad(at: position + 3, to: end) else { return false }
        if unit & 0xF800 == 0xD800 {
            guard unit < 0xDC00, end - position >= 14,
                (position + 7).loadUnaligned(as: UInt16.self) == 0x5C5C,
                (position + 9).load(as: UInt8.self) == .lowercaseU,
                let second = hexQuad(at: position + 10, to: end), second & 0xFC00 == 0xDC00
            else { return false }
            position += 14
            surplus &+= 2
        } else {
            position += 7
            surplus &+= 1
        }
        return true
    }

    /// Moves past a character of the inner text that lies as `\uXXXX`, in two halves where it needs surrogates.
    ///
    /// Quotes, backslashes and control characters are left to the slow way.
    @inline(__always)
    private mutating func skipQuotedCharacter() -> Bool {
        guard let unit = hexQuad(at: position + 2, to: end) else { return false }
        switch unit {
        case 0xD800..<0xDC00:
            guard end - position >= 12, (position + 6).load(as: UInt8.self) == .backslash,
                (position + 7).load(as: UInt8.self) == .lowercaseU,
                let second = hexQuad(at: position + 8, to: end), second & 0xFC00 == 0xDC00
            else { return false }
            position += 12
            surplus &+= 8
            return true
        case 0..<0x20, 0x22, 0x5C, 0xDC00..<0xE000: return false
        case ..<0x80: surplus &+= 5
        case ..<0x800: surplus &+= 4
        default: surplus &+= 3
        }
        position += 6
        return true
    }
}
