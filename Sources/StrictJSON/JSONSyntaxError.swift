// SPDX-License-Identifier: Apache-2.0

/// Where a document stops being JSON, what RFC 8259 allows there, and what stands there instead.
///
/// It shows at most one character of the document, so it may go where the document itself must not.
public struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Bytes before the place, from the start of the document.
    public let offset: Int
    /// Line of the place, from 1. LF, CR and CR LF end a line.
    public let line: Int
    /// Column of the place, from 1, counted in characters (Unicode scalar values), not bytes.
    public let column: Int
    /// What would have been right, such as `',' or '}' after a member`.
    public let expected: String
    /// What was there, such as `'x'` or `the end of the input`.
    public let found: String

    /// `line 3, column 14: expected ',' or '}' after a member, found 'x'`.
    public var description: String { "line \(line), column \(column): expected \(expected), found \(found)" }

    /// Works out line and column; only errors pay for it.
    ///
    /// - Parameters:
    ///   - expectation: What the grammar allowed.
    ///   - offset: Bytes before the place.
    ///   - document: The whole document.
    ///   - bound: The limit's number, where the expectation is a limit.
    init(_ expectation: JSONExpectation, at offset: Int, in document: ArraySlice<UInt8>, bound: Int = 0) {
        self.offset = offset
        expected = expectation.words(bound: bound)
        let place = document.startIndex + offset
        (line, column) = Self.lineAndColumn(of: document[..<place])
        found = Self.describe(document[place...])
    }

    /// Counts what stands before the place. In ill-formed UTF-8 each byte that continues nothing is no character.
    private static func lineAndColumn(of before: ArraySlice<UInt8>) -> (line: Int, column: Int) {
        var line = 1
        var column = 1
        var previous: UInt8 = 0
        for byte in before {
            switch byte {
            case .lineFeed where previous == .carriageReturn: break
            case .lineFeed, .carriageReturn: (line, column) = (line + 1, 1)
            case 0x80..<0xC0: break
            default: column += 1
            }
            previous = byte
        }
        return (line, column)
    }

    /// Names the one character that `rest` begins with.
    private static func describe(_ rest: ArraySlice<UInt8>) -> String {
        guard let first = rest.first else { return "the end of the input" }
        var decoder = UTF8()
        var bytes = rest.prefix(4).makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&bytes) else {
            return "byte 0x\(hexadecimal(first, digits: 2))"
        }
        if scalar == "\u{FEFF}" { return "a byte order mark" }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .nonspacingMark, .enclosingMark:
            return "U+\(hexadecimal(scalar.value, digits: 4))"
        default:
            return "'\(scalar)'"
        }
    }

    private static func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
