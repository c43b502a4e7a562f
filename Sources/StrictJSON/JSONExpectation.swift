// SPDX-License-Identifier: Apache-2.0

/// What the grammar of RFC 8259 allowed at the place where a document went wrong.
///
/// A byte, so that the walk over a document can return one in a register.
enum JSONExpectation: UInt8 {
    case value, valueOrClosingBracket
    case memberName, memberNameOrClosingBrace, colon
    case commaOrClosingBrace, commaOrClosingBracket
    case literalTrue, literalFalse, literalNull
    case digitAfterMinus, digitAfterPoint, digitOfExponent, noDigitAfterZero
    case closingQuote, stringCharacter, escape, hexDigit, lowSurrogate, highSurrogate
    case wellFormedUTF8
    case endOfDocument
    case shallowerNesting
    case object, string, number, integer
    case fewerMembers, shorterMemberName

    /// The expectation in words; `bound` is the number that a limit names.
    func words(bound: Int) -> String {
        switch self {
        case .value: "a value"
        case .valueOrClosingBracket: "a value or ']'"
        case .memberName: "a member name in double quotes"
        case .memberNameOrClosingBrace: "a member name in double quotes or '}'"
        case .colon: "':' after a member name"
        case .commaOrClosingBrace: "',' or '}' after a member"
        case .commaOrClosingBracket: "',' or ']' after an element"
        case .literalTrue: "the word true"
        case .literalFalse: "the word false"
        case .literalNull: "the word null"
        case .digitAfterMinus: "a digit after '-'"
        case .digitAfterPoint: "a digit after the decimal point"
        case .digitOfExponent: "a digit in the exponent"
        case .noDigitAfterZero: "no digit after a leading 0"
        case .closingQuote: "'\"' to close the string"
        case .stringCharacter: "no bare control character in a string (write it as an escape)"
        case .escape: "one of \" \\ / b f n r t u after '\\'"
        case .hexDigit: "four hexadecimal digits after \\u"
        case .lowSurrogate: "a low surrogate \\uDC00 to \\uDFFF after a high one"
        case .highSurrogate: "a high surrogate \\uD800 to \\uDBFF before a low one"
        case .wellFormedUTF8: "well-formed UTF-8"
        case .endOfDocument: "the end of the document"
        case .shallowerNesting: "at most \(bound) levels of nesting"
        case .object: "an object"
        case .string: "a string"
        case .number: "a number"
        case .integer: "a whole number of 64 bits"
        case .fewerMembers: "at most \(bound) members in this object"
        case .shorterMemberName: "a member name of at most \(bound) bytes"
        }
    }
}
