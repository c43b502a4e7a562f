// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

extension StringLiteral {
    fileprivate static func write(_ text: String, _ language: String) throws -> String {
        try #require(literal(text, language))
    }
}

@Suite("String literals of generated code")
struct StringLiteralTests {
    @Test(
        "text becomes a whole literal, quotes included",
        arguments: [
            (
                "PYTHON", "广州 \"a\\b\"\n\r\t$`'\u{2028}\u{7F}\u{A0}\u{202E}😀\u{E0001}",
                #""广州 \"a\\b\"\n\r\t$`'\u2028\x7f\xa0\u202e😀\U000e0001""#
            ),
            ("GO", "`\u{FEFF}\u{E0001}", #""`\ufeff\U000e0001""#),
            ("CSHARP", "{0}\u{85}a\u{2029}", #""{0}\u0085a\u2029""#),
            ("JAVASCRIPT", "</script>${x}\u{2028}1", #""</script>${x}\u{2028}1""#),
            ("PHP", "$a {$b} ?>\u{200B}'", #""\$a {\$b} ?>\u{200b}'""#),
            ("SHELL", "hello-1.2:/_", "hello-1.2:/_"),
            ("SHELL", "", "''"),
            ("SHELL", "$LATEST", "'$LATEST'"),
            ("SHELL", "it's `x` \"$y\" \\ !\n广州", "'it'\\''s `x` \"$y\" \\ !\n广州'"),
            ("SHELL", "a'\t\\\r\n\u{2028}", #"$'a\047\011\\\015\n\342\200\250'"#),
        ])
    func literal(language: String, text: String, expected: String) throws {
        #expect(try StringLiteral.write(text, language) == expected)
    }

    /// Java looks for \uXXXX before it looks for literals, and counts the backslashes before it.
    @Test("a Java literal has no Unicode escape that stands for a quote or a line break")
    func java() throws {
        #expect(try StringLiteral.write("\\u0022", "JAVA") == #""\\u0022""#)
        #expect(try StringLiteral.write("\u{0}1\u{7F}\u{85}", "JAVA") == #""\0001\177\205""#)
        #expect(try StringLiteral.write("\u{2028}\u{E0001}", "JAVA") == #""\u2028\udb40\udc01""#)
    }

    /// A combining mark and its neighbour are one `Character`: a literal must look at scalars.
    @Test("a quote is escaped whatever follows it", arguments: ["PYTHON", "JAVA", "GO", "CSHARP", "JAVASCRIPT", "PHP"])
    func combiningMarks(language: String) throws {
        #expect(
            Array(try StringLiteral.write("\"\u{301}", language).unicodeScalars)
                == Array("\"\\\"\u{301}\"".unicodeScalars))
    }
}
