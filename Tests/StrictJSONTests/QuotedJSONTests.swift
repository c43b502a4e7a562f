// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StrictJSON

@Suite("JSON inside a JSON string")
struct QuotedJSONTests {
    /// Reads the document quoted, with bytes behind it, and compares with reading it plain.
    private func compare(_ document: [UInt8], literal: [UInt8]) {
        let expected = problem(in: document)
        guard let read = try? QuotedJSON(startOf: (literal + Array("\"}, {".utf8))[...]) else {
            Issue.record("the string was refused: \(String(decoding: literal, as: UTF8.self))")
            return
        }
        #expect(read.syntaxError == expected)
        #expect(read.byteCount == document.count)
        #expect(Array(read.literal) == literal)
        #expect(JSONString.unescaped(checkedLiteral: read.literal) == document)
    }

    private func isUTF8(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    @Test("Every document of the test suite", arguments: SuiteDocument.all.filter { $0.bytes.count < 10_000 })
    func suite(document: SuiteDocument) {
        if isUTF8(document.bytes) {
            compare(document.bytes, literal: quoted(document.bytes))
            compare(document.bytes, literal: quotedOddly(document.bytes, seed: 1))
        } else {
            #expect(throws: JSONSyntaxError.self) { try QuotedJSON(startOf: quoted(document.bytes)[...]) }
        }
    }

    @Test("Damaged documents are judged alike, plain and quoted", arguments: [11, 12, 13, 14] as [UInt64])
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<2_000 {
            let document = Mutations.random(using: &generator)
            if isUTF8(document) {
                compare(document, literal: quoted(document))
                compare(document, literal: quotedOddly(document, seed: generator.next()))
            } else {
                #expect(throws: JSONSyntaxError.self) { try QuotedJSON(startOf: quoted(document)[...]) }
            }
        }
    }

    @Test("A damaged string is judged as its text is, once unquoted", arguments: [21, 22, 23] as [UInt64])
    func damagedStrings(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<3_000 {
            var literal = quotedOddly(Mutations.random(using: &generator), seed: generator.next())
            let place = Int.random(in: 0..<literal.count, using: &generator)
            literal[place] = Array("\"\\u0dnbt{[,: \n".utf8).randomElement(using: &generator) ?? 0
            let read = try? QuotedJSON(startOf: literal[...])
            // The string may end earlier than it did: what is left is the literal that was read.
            let text = read.flatMap { try? JSONString.unquoted($0.literal) }
            #expect((read == nil) == (text == nil))
            if let read, let text {
                #expect(read.syntaxError == problem(in: text))
                #expect(read.byteCount == text.count)
            } else {
                #expect(throws: JSONSyntaxError.self) { try JSONString.unquoted(literal[...]) }
            }
        }
    }

    @Test("A document that was quoted as usual is never unquoted to be checked", arguments: Mutations.seeds)
    func staysWhereItLies(document: [UInt8]) {
        let walked = QuotedJSON.walk(quoted(document).dropFirst(), maximumDepth: 512)
        #expect(walked.map { $0.length - $0.surplus } == document.count)
    }

    @Test("Whatever its surroundings, a string that is cut off is refused")
    func cutOff() {
        for document in Mutations.seeds {
            let literal = quoted(document)
            for end in literal.indices {
                #expect(throws: JSONSyntaxError.self) { try QuotedJSON(startOf: literal[..<end]) }
                // Alone in memory, where nothing lies behind it that could be read.
                #expect(throws: JSONSyntaxError.self) { try QuotedJSON(startOf: Array(literal[..<end])[...]) }
                // The last quote is an escaped one, unless it comes behind half an escape.
                guard end > 0, literal[end - 1] != UInt8(ascii: "\\") else { continue }
                let escaped = Array(literal[..<end]) + Array(#"\""#.utf8)
                #expect(throws: JSONSyntaxError.self) { try QuotedJSON(startOf: escaped[...]) }
            }
        }
    }

    @Test(
        "Writers that escape more than they must are understood",
        arguments: [
            (#""{\"\u4f60\u597d\": \"\ud83d\ude80\"}""#, #"{"你好": "🚀"}"#), (#""\u007b\u007d""#, "{}"),
            (#""{\u0022a\u0022:\u0031}""#, #"{"a":1}"#), (#""{\"a\":\"\u003c\u00e9\"}""#, #"{"a":"<é"}"#),
            (#""[\"\\u4f60\\ud83d\\ude80\\\\\\\"\\/\\n\"]""#, #"["\u4f60\ud83d\ude80\\\"\/\n"]"#),
            (#""[\"\u005cn\"]""#, #"["\n"]"#), (#""[\n\t1,\r\n 2]""#, "[\n\t1,\r\n 2]"), (#""\"a\/b\"""#, #""a/b""#),
            (#""[\"\\\/\"]""#, #"["\/"]"#), (#""[\"\\\u006e\"]""#, #"["\n"]"#),
        ])
    func escapes(literal: String, text: String) {
        compare(Array(text.utf8), literal: Array(literal.utf8))
    }

    /// Quotes with escapes that need not be, chosen at random: as other writers might.
    private func quotedOddly(_ document: [UInt8], seed: UInt64) -> [UInt8] {
        var generator = SeededGenerator(state: seed)
        var literal = "\""
        for scalar in String(decoding: document, as: UTF8.self).unicodeScalars {
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            let choice = Int.random(in: 0..<20, using: &generator)
            if choice == 0 || (mustEscape && scalar.value < 0x20) || (choice < 5 && scalar.value > 0x7F) {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: choice == 1)
                    literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else if mustEscape || (scalar == "/" && choice < 10) {
                literal += "\\\(scalar)"
            } else {
                literal.unicodeScalars.append(scalar)
            }
        }
        return Array((literal + "\"").utf8)
    }
}
