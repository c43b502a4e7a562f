// SPDX-License-Identifier: Apache-2.0

/// A place in a JSON text, and the few moves that differ between a text that lies plain and one that lies quoted.
///
/// All members are inlined into the one walk below, once per cursor. What is rare is out of line, and takes and returns
/// values: were the cursor's address taken anywhere, it would live in memory, and not in registers.
protocol JSONCursor {
    /// The next raw byte.
    var position: UnsafeRawPointer { get set }
    /// The end of the raw bytes.
    var end: UnsafeRawPointer { get }
    /// Whether no byte comes any more; always false where the last one is such that no token goes past it.
    var isAtEndOfBytes: Bool { get }

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

        nextValue: while true {
            switch peek() {
            case .quote:
                skipQuote()
                if let problem = skipRestOfString() { return problem }
            case .minus:
                skip()
                fallthrough
            case .zero, 0x31...0x39:
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
                continue nextValue
            case .openingBracket:
                guard depth < maximumDepth else { return .shallowerNesting }
                skip()
                let first = peek()
                if first == .closingBracket {
                    skip()
                    break
                }
                guard first.beginsValue else { return .valueOrClosingBracket }
                if depth != 0, depth & 63 == 0 { keep(objects, in: &outerObjects) }
                objects = objects &<< 1
                depth &+= 1
                continue nextValue
            case .lowercaseT:
                if let problem = skipLiteral(0x6575_7274, orElse: .literalTrue) { return problem }
            case .lowercaseF:
                skip()
                if let problem = skipLiteral(0x6573_6C61, orElse: .literalFalse) { return problem }
            case .lowercaseN:
                if let problem = skipLiteral(0x6C6C_756E, orElse: .literalNull) { return problem }
            default:
                return .value
            }

            while depth != 0 {
                let inObject = objects & 1 != 0
                // The usual way to the next member, in one step.
                if inObject, skipCommaAndQuote() {
                    if let problem = skipRestOfMemberName() { return problem }
                    continue nextValue
                }
                let character = peek()
                if character == .comma {
                    skip()
                    if inObject, let problem = skipMemberName(orElse: .memberName) { return problem }
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

    /// Moves past `name":`.
    @inline(__always)
    mutating func skipRestOfMemberName() -> JSONExpectation? {
        position = skipText(ofName: position, to: end)
        if skipQuoteAndColon() { return nil }
        if let problem = skipRestOfString() { return problem }
        guard peek() == .colon else { return .colon }
        skip()
        return nil
    }

    /// Moves past a number whose `-`, if any, has been passed: an integer without leading zeros, a fraction, an exponent.
    @inline(__always)
    mutating func skipNumber() -> JSONExpectation? {
        let integer = position
        skipDigits()
        if position == integer { return .digitAfterMinus }
        if integer.load(as: UInt8.self) == .zero, position - integer > 1 {
            position = integer + 1
            return .noDigitAfterZero
        }
        guard !isAtEndOfBytes else { return nil }
        var next = position.load(as: UInt8.self)
        if next == .point {
            position += 1
            let fraction = position
            skipDigits()
            if position == fraction { return .digitAfterPoint }
            guard !isAtEndOfBytes else { return nil }
            next = position.load(as: UInt8.self)
        }
        guard next | 0x20 == .lowercaseE else { return nil }
        let (end, problem) = endOfExponent(from: position + 1, to: end)
        position = end
        return problem
    }

    @inline(__always)
    private mutating func skipDigits() {
        while !isAtEndOfBytes, position.load(as: UInt8.self).isDigit { position += 1 }
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

/// The end of an exponent whose `e` has been passed.
@inline(never)
private func endOfExponent(
    from start: UnsafeRawPointer, to end: UnsafeRawPointer
) -> (UnsafeRawPointer, JSONExpectation?) {
    var position = start
    if position < end {
        let sign = position.load(as: UInt8.self)
        if sign == .plus || sign == .minus { position += 1 }
    }
    let digits = position
    while position < end, position.load(as: UInt8.self).isDigit { position += 1 }
    return (position, position == digits ? .digitOfExponent : nil)
}

// The two below stay out of line, and take the array alone, so that the rest of the walk stays in registers.

@inline(never)
private func keep(_ word: UInt64, in words: inout [UInt64]) { words.append(word) }

@inline(never)
private func takeBack(from words: inout [UInt64]) -> UInt64 { words.popLast() ?? 0 }
