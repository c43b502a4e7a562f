// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("Quoting and unquoting")
struct JSONStringTests {
    @Test(
        "Only what must be escaped is escaped",
        arguments: [
            ("", #""""#), ("a", #""a""#), (#"{"k":"v"}"#, #""{\"k\":\"v\"}""#), (#"\"#, #""\\""#), ("/", #""/""#),
            ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#), ("\u{0}\u{1F}\u{B}\u{E}", #""\u0000\u001f\u000b\u000e""#),
            ("\u{7F}中🚀", "\"\u{7F}中🚀\""), ("a longer text without anything", #""a longer text without anything""#),
        ])
    func quoting(text: String, literal: String) throws {
        var output = Array("x".utf8)
        JSONString.appendQuoted(text, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "x" + literal)
        #expect(QuotableText(Array(text.utf8)[...]).quotedByteCount == literal.utf8.count)
        #expect(try JSONString.unquoted(Array(literal.utf8)[...]) == Array(text.utf8))
    }

    @Test("Random texts come back as they were, and are JSON on the way", arguments: [31, 32, 33] as [UInt64])
    func roundTrips(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let alphabet: [[Character]] = [Array("ab\"\\\n"), Array("\u{0}\u{1}\u{8}\u{1F}\u{B}xyz\""), Array("中文🚀é\"a")]
        for length in Array(0..<300) + [2_039, 2_040, 2_041, 5_000] {
            let characters = alphabet[Int.random(in: 0..<3, using: &generator)]
            let text = String((0..<length).map { _ in characters.randomElement(using: &generator) ?? " " })
            let literal = quoted(Array(text.utf8))
            #expect(problem(in: literal) == nil)
            #expect(QuotableText(Array(text.utf8)[...]).quotedByteCount == literal.count)
            #expect(try JSONString.unquoted(literal[...]) == Array(text.utf8))
        }
    }

    @Test("Each byte that can stand in a text is quoted right, at every place in a word")
    func everyByte() throws {
        for byte in 0..<0x80 as Range<UInt8> {
            for length in 1...17 {
                for place in [0, length / 2, length - 1] {
                    var text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                    text[place] = byte
                    let literal = quoted(text)
                    #expect(problem(in: literal) == nil)
                    #expect(try JSONString.unquoted(literal[...]) == text)
                }
            }
        }
    }

    @Test(
        "What is no JSON string is refused",
        arguments: [
            ("", "expected a string, found the end of the input"), ("a", "expected a string, found 'a'"),
            ("\"", "expected '\"' to close the string, found the end of the input"),
            ("\"a\"b", "expected the end of the document, found 'b'"), ("\"\\", "found the end of the input"),
            ("\"\\q\"", "found 'q'"), ("\"\\ud83dx\"", "expected a low surrogate"), ("\"\t\"", "found U+0009"),
        ])
    func refused(literal: String, says: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONString.unquoted(Array(literal.utf8)[...]) }
        do {
            _ = try JSONString.unquoted(Array(literal.utf8)[...])
        } catch {
            #expect(error.description.contains(says))
        }
    }
}
