// SPDX-License-Identifier: Apache-2.0

/// A place in a JSON text, and the few moves that differ between a text that lies plain and one that lies quoted.
///
/// All members are inlined into the one walk below, once per cursor; the cursor then lives in registers.
protocol JSONCursor {
    /// The next raw byte.
    var position: UnsafeRawPointer { get set }
    /// The end of the raw bytes.
    var end: UnsafeRawPointer { get }

    /// Skips whitespace and shows the next character, without moving past it.
    ///
    /// 0 at the end, and where nothing comes that could begin a token.
    mutating func peek() -> UInt8
    /// Whether a double quote comes next.
    func isAtQuote() -> Bool
    /// Moves past the double quote that comes next.
    mutating func skipQuote()
    /// Moves past a comma and a double quote, where they come next without anything between.
    mutating func skipCommaAndQuote() -> Bool
    /// Moves past a double quote and a colon, where they come next without anything between.
    mutating func skipQuoteAndColon() -> Bool
    /// Moves past a string whose opening quote has been passed.
    mutating func skipRestOfString() -> JSONExpectation?
}

extension JSONCursor {
    /// Moves past the character, not a quote, that `peek` has shown.
    @inline(__always)
    mutating func skip() { position += 1 }

    /// Moves past one value with all that is in it.
    ///
    /// There is no recursion: what is open is kept as one bit a level (1 = object), 64 levels in a word, and only deeper
    /// nesting needs memory.
    ///
    /// - Returns: `nil` where the value is right; otherwise what was expected at `position`.
    @inline(__always)
    mutating func skipValue(maximumDepth: Int) -> JSONExpectation? {
        var depth = 0
        var objects: UInt64 = 0
        var outerObjects: [UInt64] = []
        var wanted = JSONExpectation.value

        nextValue: while true {
            switch peek() {
            case .quote:
                skipQuote()
                if let problem = skipRestOfString() { return problem }
            case .zero, 0x31...0x39, .minus:
                if let problem = skipNumber() { return problem }
            case .openingBrace:
                guard depth < maximumDepth else { return .shallowerNesting }
                skip()
                if peek() == .closingBrace {
                    skip()
                    break
                }
                if depth != 0, depth & 63 == 0 { keep(objects, in: &outerObjects) }
                objects = objects &<< 1 | 1
                depth &+= 1
                if let problem = skipMemberName(orElse: .memberNameOrClosingBrace) { return problem }
                wanted = .value
                continue nextValue
            case .openingBracket:
                guard depth < maximumDepth else { return .shallowerNesting }
                skip()
                if peek() == .closingBracket {
                    skip()
                    break
                }
                if depth != 0, depth & 63 == 0 { keep(objects, in: &outerObjects) }
                objects = objects &<< 1
                depth &+= 1
                wanted = .valueOrClosingBracket
                continue nextValue
            case .lowercaseT:
                if let problem = skipLiteral(0x6575_7274, orElse: .literalTrue) { return problem }
            case .lowercaseF:
                skip()
                if let problem = skipLiteral(0x6573_6C61, orElse: .literalFalse) { return problem }
            case .lowercaseN:
                if let problem = skipLiteral(0x6C6C_756E, orElse: .literalNull) { return problem }
            default:
                return wanted
            }

            while depth != 0 {
                let inObject = objects & 1 != 0
                // The usual way to the next member, at once.
                if inObject, skipCommaAndQuote() {
                    if let problem = skipRestOfMemberName() { return problem }
                    wanted = .value
                    continue nextValue
                }
                let character = peek()
                if character == .comma {
                    skip()
                    if inObject, let problem = skipMemberName(orElse: .memberName) { return problem }
                    wanted = .value
                    continue nextValue
                }
                guard character == (inObject ? .closingBrace : .closingBracket) else {
                    return inObject ? .commaOrClosingBrace : .commaOrClosingBracket
                }
                skip()
                depth &-= 1
                objects = depth != 0 && depth & 63 == 0 ? takeBack(from: &outerObjects) : objects &>> 1
            }
            return nil
        }
    }

    /// Moves past `"name":`.
    @inline(__always)
    mutating func skipMemberName(orElse expectation: JSONExpectation) -> JSONExpectation? {
        guard peek() == .quote else { return expectation }
        skipQuote()
        return skipRestOfMemberName()
    }

    /// Moves past `name":`, beginning byte by byte.
    ///
    /// Names repeat, so the processor foresees where they end and goes on; a word's examination it would have to wait for.
    /// The same holds for the digits of a number.
    @inline(__always)
    mutating func skipRestOfMemberName() -> JSONExpectation? {
        while position < end, position.load(as: UInt8.self).isPlainText { position += 1 }
        if skipQuoteAndColon() { return nil }
        if let problem = skipRestOfString() { return problem }
        guard peek() == .colon else { return .colon }
        skip()
        return nil
    }

    /// Moves past a number: `-`, an integer without leading zeros, a fraction, an exponent.
    @inline(__always)
    mutating func skipNumber() -> JSONExpectation? {
        if position.load(as: UInt8.self) == .minus { position += 1 }
        let integer = position
        position = skipDigits(from: integer, to: end)
        if position == integer { return .digitAfterMinus }
        if integer.load(as: UInt8.self) == .zero, position - integer > 1 {
            position = integer + 1
            return .noDigitAfterZero
        }
        guard position < end else { return nil }
        var next = position.load(as: UInt8.self)
        if next == .point {
            let fraction = position + 1
            position = skipDigits(from: fraction, to: end)
            if position == fraction { return .digitAfterPoint }
            guard position < end else { return nil }
            next = position.load(as: UInt8.self)
        }
        guard next | 0x20 == .lowercaseE else { return nil }
        position += 1
        if position < end {
            let sign = position.load(as: UInt8.self)
            if sign == .plus || sign == .minus { position += 1 }
        }
        let exponent = position
        position = skipDigits(from: exponent, to: end)
        return position == exponent ? .digitOfExponent : nil
    }

    /// Moves past four letters, given as they lie in memory (the first in the lowest byte).
    @inline(__always)
    mutating func skipLiteral(_ letters: UInt32, orElse expectation: JSONExpectation) -> JSONExpectation? {
        if end - position >= 4, UInt32(littleEndian: position.loadUnaligned(as: UInt32.self)) == letters {
            position += 4
            return nil
        }
        var rest = letters
        while position < end, position.load(as: UInt8.self) == UInt8(truncatingIfNeeded: rest) {
            position += 1
            rest &>>= 8
        }
        return expectation
    }
}

// The two below stay out of line, and take the array alone, so that the rest of the walk stays in registers.

@inline(never)
private func keep(_ word: UInt64, in words: inout [UInt64]) { words.append(word) }

@inline(never)
private func takeBack(from words: inout [UInt64]) -> UInt64 { words.popLast() ?? 0 }
