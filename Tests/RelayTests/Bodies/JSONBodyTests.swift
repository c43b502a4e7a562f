// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON
import TencentCloud
import Testing

@testable import Relay

@Suite("application/json")
struct JSONBodyTests {
    @Test(
        "ClientContext may be any value, and is passed on byte for byte",
        arguments: [
            #"{"key":"value"}"#, "{ \"a\" :[1,\n2 ] }", "12345678901234567890.10e+02", "true", "[]", "-0",
            #"{"s":"\u4f60\/\ud83d\ude80","名":"🚀"}"#,
        ])
    func anyValue(value: String) throws {
        let body = "{\"ClientContext\" :  \(value) ,\"FunctionName\":\"f\"}"
        let request = try decode("application/json", Array(body.utf8))
        #expect(request.clientContext?.text == Array(value.utf8))
        // What the cloud gets is a string that holds those bytes.
        var reader = try JSONObjectReader(request.wireBody[...])
        _ = try reader.nextMember()
        #expect(try reader.nextMember()?.name == "ClientContext")
        #expect(try reader.readString() == value)
    }

    @Test("A string is the API's own form: it goes to the cloud as it lay")
    func string() throws {
        let literal = #""{\"\u4f60\": \"\/\"}""#
        let request = try decode("application/json", Array(#"{"FunctionName":"f","ClientContext":\#(literal)}"#.utf8))
        #expect(
            String(decoding: request.wireBody, as: UTF8.self) == #"{"FunctionName":"f","ClientContext":\#(literal)}"#)
    }

    @Test("null and the empty string count as absent")
    func absent() throws {
        for value in ["null", "\"\""] {
            let body = "{\"FunctionName\":\"f\",\"ClientContext\":\(value),\"LogType\":\(value),\"Qualifier\":\(value)}"
            let request = try decode("application/json", Array(body.utf8))
            #expect(request.clientContext == nil)
            #expect(request.qualifier == nil)
        }
    }

    static let malformed: [(body: String, code: ErrorCode, says: String)] = [
        ("", "InvalidParameter", "line 1, column 1: expected an object, found the end of the input"),
        ("[]", "InvalidParameter", "expected an object, found '['"),
        (
            "{\"FunctionName\":\"f\"", "InvalidParameter",
            "expected ',' or '}' after a member, found the end of the input"
        ),
        ("{\"FunctionName\":\"f\"} x", "InvalidParameter", "expected the end of the document, found 'x'"),
        ("{\"FunctionName\":\"\\q\"}", "InvalidParameter", "line 1, column 19: expected one of"),
        ("{\"FunctionName\":1}", "InvalidParameterValue", "FunctionName is no string; write it in double quotes."),
        ("{\"FunctionName\":\"f\",\"Qualifier\":true}", "InvalidParameterValue", "Qualifier is no string"),
        ("{\"FunctionName\":\"f\",\"RoutingKey\":{}}", "InvalidParameterValue", "RoutingKey is no string"),
        ("{\"functionname\":\"f\"}", "UnknownParameter", "Unknown parameter `functionname`."),
        (
            "{\"FunctionName\":\"f\",\"F\\u0075nctionName\":\"f\"}", "InvalidParameterValue",
            "FunctionName is given more than once"
        ),
        (
            "{\"FunctionName\":\"f\",\"ClientContext\":{\"a\":[1,]}}", "InvalidParameterValue.Param",
            "in the body, line 1, column 45: expected a value, found ']'"
        ),
        (
            "{\"FunctionName\":\"f\",\"ClientContext\":\"{\\\"a\\\":[1,]}\"}", "InvalidParameterValue.Param",
            "line 1, column 9: expected a value, found ']'"
        ),
        ("{\"FunctionName\":\"f\",\"ClientContext\":\"{}", "InvalidParameter", "expected '\"' to close the string"),
        ("{\"FunctionName\":\"f\",\"ClientContext\":\"{}\\ud800\"}", "InvalidParameter", "expected a low surrogate"),
        ("{\"FunctionName\":\"f\",\"ClientContext\":\"{\n}\"}", "InvalidParameter", "found U+000A"),
    ]

    @Test("What is malformed is refused with its place", arguments: malformed)
    func isRefused(body: String, code: ErrorCode, says: String) {
        let error = refusal("application/json", body)
        #expect(error?.code == code)
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }

    @Test("Depth is bounded in both forms of ClientContext")
    func depth() throws {
        for (levels, isRight) in [(512, true), (513, false)] {
            let context = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            for value in [context, "\"\(context)\""] {
                let error = refusal("application/json", "{\"FunctionName\":\"f\",\"ClientContext\":\(value)}")
                #expect((error == nil) == isRight)
                #expect(isRight || error?.message.contains("at most 512 levels of nesting") == true)
            }
        }
    }
}
