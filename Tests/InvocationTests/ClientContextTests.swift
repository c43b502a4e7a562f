// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON
import TencentCloud
import Testing

@Suite("ClientContext")
struct ClientContextTests {
    private func quoted(_ literal: String, limits: Limits = Limits()) throws -> ClientContext? {
        try ClientContext(ifAny: QuotedJSON(startOf: Array(literal.utf8)[...]), limits: limits)
    }

    @Test(
        "A text keeps every byte, plain or quoted",
        arguments: [
            #"{"key":"value"}"#, "12345678901234567890.10e+02", " [1,\n\t2 ] ", #""\u4f60 \/ \"x\"""#, #"{"名":"你好🚀"}"#,
            "null",
        ])
    func keepsEveryByte(text: String) throws {
        let plain = try ClientContext(json: Array(text.utf8)[...], limits: Limits())
        #expect(plain.byteCount == text.utf8.count)
        #expect(plain.text == Array(text.utf8))

        var literal: [UInt8] = []
        plain.appendQuoted(to: &literal)
        #expect(literal.count == plain.quotedByteCount)
        #expect(try JSONString.unquoted(literal[...]) == Array(text.utf8))

        let again = try #require(try quoted(String(decoding: literal, as: UTF8.self)))
        #expect(again.text == Array(text.utf8))
        #expect(again.byteCount == text.utf8.count)
    }

    @Test("What lay quoted goes on as it lay, needless escapes included")
    func staysQuoted() throws {
        let literal = #""{\"\u4f60\":\u0020\"\/\\u597d\"}""#
        let context = try #require(try quoted(literal))
        var output = Array("x".utf8)
        context.appendQuoted(to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "x" + literal)
        #expect(context.quotedByteCount == literal.utf8.count)
        #expect(context.text == Array(#"{"你": "/\u597d"}"#.utf8))
        #expect(context.byteCount == context.text.count)
    }

    @Test("Nothing is no ClientContext")
    func nothing() throws {
        #expect(try ClientContext(ifAny: [], limits: Limits()) == nil)
        #expect(try quoted("\"\"") == nil)
    }

    @Test("The limit counts the text's bytes, not those of its quoted form")
    func limit() throws {
        let limits = Limits()
        func text(_ count: Int) -> [UInt8] { Array(("[" + String(repeating: "\n", count: count - 3) + "1]").utf8) }
        for count in [1_048_576, 1_048_577] {
            let json = text(count)
            var literal: [UInt8] = []
            JSONString.appendQuoted(json[...], to: &literal)
            let quoted = try QuotedJSON(startOf: literal[...])
            let attempts: [() throws -> ClientContext?] = [
                { try ClientContext(json: json[...], limits: limits) },
                { try ClientContext(checkedValue: json[...], limits: limits) },
                { try ClientContext(ifAny: quoted, limits: limits) },
            ]
            for attempt in attempts {
                guard count > 1_048_576 else {
                    #expect(try attempt()?.byteCount == count)
                    continue
                }
                let error = #expect(throws: CloudError.self) { try attempt() }
                #expect(error?.code == "RequestSizeLimitExceeded")
                #expect(error?.httpStatus == 413)
                #expect(error?.message == "ClientContext is 1,048,577 bytes; at most 1,048,576 are allowed.")
            }
        }
    }

    @Test("What is not JSON is refused with its place")
    func notJSON() {
        let message = "ClientContext is not JSON: line 2, column 5: expected a value, found '}'."
        #expect(throws: CloudError("InvalidParameterValue.Param", message)) {
            try ClientContext(json: Array("{\n\"a\":}".utf8)[...], limits: Limits())
        }
        #expect(throws: CloudError("InvalidParameterValue.Param", message)) { try quoted(#""{\n\"a\":}""#) }
    }

    @Test("Numbers are grouped", arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (-1_048_576, "-1,048,576")])
    func grouped(number: Int, text: String) {
        #expect(number.grouped == text)
    }
}
