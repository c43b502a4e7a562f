// SPDX-License-Identifier: Apache-2.0

/// Takes the text of a configuration apart, as nginx's `ngx_conf_read_token` does.
struct Tokens {
    enum Token: Equatable {
        /// A name or an argument, without its quotes.
        case word(String)
        case semicolon, openingBrace, closingBrace
    }

    private let file: String
    private let bytes: [UInt8]
    private var index = 0
    private var lineOfIndex = 1
    /// The line of the token that ``next()`` returned last.
    private(set) var line = 1

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    var place: Directive.Place { Directive.Place(file: file, line: line) }

    /// - Returns: `nil` at the end of the text.
    mutating func next() throws(SyntaxError) -> Token? {
        skipSpaceAndComments()
        line = lineOfIndex
        guard let byte = peek() else { return nil }
        switch byte {
        case UInt8(ascii: ";"):
            advance()
            return .semicolon
        case UInt8(ascii: "{"):
            advance()
            return .openingBrace
        case UInt8(ascii: "}"):
            advance()
            return .closingBrace
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .word(try quoted(by: byte))
        default: return .word(plain())
        }
    }

    private mutating func skipSpaceAndComments() {
        while let byte = peek() {
            if byte == UInt8(ascii: "#") {
                while let byte = peek(), byte != UInt8(ascii: "\n") { advance() }
            } else if Self.isSpace(byte) {
                advance()
            } else {
                return
            }
        }
    }

    /// Text in quotes may hold everything, line breaks included.
    private mutating func quoted(by quote: UInt8) throws(SyntaxError) -> String {
        advance()
        var text: [UInt8] = []
        while let byte = peek() {
            advance()
            if byte == quote {
                try expectEndOfWord()
                return String(decoding: text, as: UTF8.self)
            }
            append(byte, to: &text)
        }
        throw SyntaxError(place: place, message: "a quote is opened here and never closed")
    }

    private func expectEndOfWord() throws(SyntaxError) {
        guard let byte = peek() else { return }
        guard Self.isSpace(byte) || ";{)".utf8.contains(byte) else {
            let place = Directive.Place(file: file, line: lineOfIndex)
            throw SyntaxError(place: place, message: "a space, ';' or '{' is missing behind a closing quote")
        }
    }

    private mutating func plain() -> String {
        var text: [UInt8] = []
        while let byte = peek() {
            // The brace of a variable, ${name}, opens no block.
            let isVariable = byte == UInt8(ascii: "{") && text.last == UInt8(ascii: "$")
            if !isVariable, Self.isSpace(byte) || ";{".utf8.contains(byte) { break }
            advance()
            append(byte, to: &text)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends a byte of a word; where it is a backslash, what the two of them mean.
    private mutating func append(_ byte: UInt8, to text: inout [UInt8]) {
        guard byte == UInt8(ascii: "\\"), let escaped = peek() else { return text.append(byte) }
        advance()
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): text.append(escaped)
        case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
        // A regular expression's `\.` stays what it is.
        default: text += [byte, escaped]
        }
    }

    private func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func advance() {
        if bytes[index] == UInt8(ascii: "\n") { lineOfIndex += 1 }
        index += 1
    }

    private static func isSpace(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }
}
