// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("What a syntax error says")
struct JSONSyntaxErrorTests {
    static let table: [(document: String, description: String)] = [
        ("", "line 1, column 1: expected a value, found the end of the input"),
        ("  \n ", "line 2, column 2: expected a value, found the end of the input"),
        ("x", "line 1, column 1: expected a value, found 'x'"),
        ("\u{FEFF}{}", "line 1, column 1: expected a value, found a byte order mark"),
        ("[", "line 1, column 2: expected a value or ']', found the end of the input"),
        ("[,", "line 1, column 2: expected a value or ']', found ','"),
        ("[1,]", "line 1, column 4: expected a value, found ']'"),
        ("[1 2]", "line 1, column 4: expected ',' or ']' after an element, found '2'"),
        ("{", "line 1, column 2: expected a member name in double quotes or '}', found the end of the input"),
        ("{a:1}", "line 1, column 2: expected a member name in double quotes or '}', found 'a'"),
        ("{\"a\":1,}", "line 1, column 8: expected a member name in double quotes, found '}'"),
        ("{\"a\" 1}", "line 1, column 6: expected ':' after a member name, found '1'"),
        ("{\"a\":}", "line 1, column 6: expected a value, found '}'"),
        ("{\n  \"a\": 1\n  \"b\": 2\n}", "line 3, column 3: expected ',' or '}' after a member, found '\"'"),
        ("{\"a\":1]", "line 1, column 7: expected ',' or '}' after a member, found ']'"),
        ("{} x", "line 1, column 4: expected the end of the document, found 'x'"),
        ("1 2", "line 1, column 3: expected the end of the document, found '2'"),
        ("tru", "line 1, column 4: expected the word true, found the end of the input"),
        ("trux", "line 1, column 4: expected the word true, found 'x'"),
        ("[falze]", "line 1, column 5: expected the word false, found 'z'"),
        ("nul1", "line 1, column 4: expected the word null, found '1'"),
        ("-", "line 1, column 2: expected a digit after '-', found the end of the input"),
        ("-x", "line 1, column 2: expected a digit after '-', found 'x'"),
        ("01", "line 1, column 2: expected no digit after a leading 0, found '1'"),
        ("[-012]", "line 1, column 4: expected no digit after a leading 0, found '1'"),
        ("1.", "line 1, column 3: expected a digit after the decimal point, found the end of the input"),
        ("[1.e5]", "line 1, column 4: expected a digit after the decimal point, found 'e'"),
        ("[1e+]", "line 1, column 5: expected a digit in the exponent, found ']'"),
        ("\"abc", "line 1, column 5: expected '\"' to close the string, found the end of the input"),
        (
            "\"a\nb\"",
            "line 1, column 3: expected no bare control character in a string (write it as an escape), found U+000A"
        ),
        ("\"\\x\"", "line 1, column 3: expected one of \" \\ / b f n r t u after '\\', found 'x'"),
        ("\"\\u12G4\"", "line 1, column 6: expected four hexadecimal digits after \\u, found 'G'"),
        ("\"\\u12", "line 1, column 6: expected four hexadecimal digits after \\u, found the end of the input"),
        ("\"\\ud800\"", "line 1, column 8: expected a low surrogate \\uDC00 to \\uDFFF after a high one, found '\"'"),
        (
            "\"\\ud800\\u0041\"",
            "line 1, column 8: expected a low surrogate \\uDC00 to \\uDFFF after a high one, found '\\'"
        ),
        ("\"\\udc00\"", "line 1, column 2: expected a high surrogate \\uD800 to \\uDBFF before a low one, found '\\'"),
        ("[\"中文\" x]", "line 1, column 7: expected ',' or ']' after an element, found 'x'"),
        ("[\"🚀🚀\", 中]", "line 1, column 8: expected a value, found '中'"),
        ("{\r\n\"名\":1\r\"二\"}", "line 3, column 1: expected ',' or '}' after a member, found '\"'"),
        ("[\n\n\n🚀]", "line 4, column 1: expected a value or ']', found '🚀'"),
        ("[1\u{0}]", "line 1, column 3: expected ',' or ']' after an element, found U+0000"),
        ("[\u{202E}]", "line 1, column 2: expected a value or ']', found U+202E"),
    ]

    @Test("Line, column, what was expected and what was found", arguments: table)
    func description(document: String, description: String) throws {
        let bytes = Array(document.utf8)
        #expect(problem(in: bytes)?.description == description)
        #expect(try QuotedJSON(startOf: quoted(bytes)[...]).syntaxError?.description == description)
    }

    @Test(
        "Ill-formed UTF-8 is shown as a byte",
        arguments: [
            ([0x22, 0xE4, 0xB8, 0xAD, 0xFF, 0x22], 4, 3, "byte 0xFF"), ([0x22, 0xC0, 0x80, 0x22], 1, 2, "byte 0xC0"),
            ([0x5B, 0xED, 0xA0, 0x80], 1, 2, "byte 0xED"), ([0x22, 0x41, 0xE4, 0xB8], 2, 3, "byte 0xE4"),
        ] as [([UInt8], Int, Int, String)])
    func illFormed(document: [UInt8], offset: Int, column: Int, found: String) {
        let problem = problem(in: document)
        #expect(problem?.offset == offset)
        #expect(problem?.column == column)
        #expect(problem?.found == found)
    }

    @Test("At most one character of the document is shown")
    func echoesOneCharacter() {
        let secret = "secretsecretsecret"
        for document in ["{\"a\":\(secret)}", "[\"a\" \(secret)]", "\(secret)", "{\"\(secret)\" \(secret)"] {
            #expect(problem(in: Array(document.utf8))?.description.contains("sec") == false)
        }
    }
}
