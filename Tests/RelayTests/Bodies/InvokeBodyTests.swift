// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import Testing

@testable import Relay

/// The three forms in which a call may come, written by the tests themselves.
enum BodyForm: String, CaseIterable, Sendable {
    case urlEncoded = "application/x-www-form-urlencoded"
    case multipart = "multipart/form-data; boundary=\"a b\""
    case json = "application/json"

    func body(_ fields: [(String, String)]) -> [UInt8] {
        switch self {
        case .urlEncoded:
            return Array(
                fields.map { "\(Self.percentEncoded($0.0))=\(Self.percentEncoded($0.1))" }.joined(separator: "&").utf8)
        case .multipart:
            let parts = fields.map { name, value in
                "--a b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
            }
            return Array((parts.joined() + "--a b--\r\n").utf8)
        case .json:
            return Array(
                "{\(fields.map { "\(Self.quoted($0.0)): \(Self.quoted($0.1))" }.joined(separator: ", "))}".utf8)
        }
    }

    private static func percentEncoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            if byte == UInt8(ascii: " ") {
                encoded.append(UInt8(ascii: "+"))
            } else if (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A || byte >= 0x30 && byte <= 0x39 {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

func decode(
    _ contentType: String, _ body: [UInt8], limits: Limits = Limits()
) throws(CloudError) -> InvokeRequest {
    // A slice that does not begin at 0, with something on both sides, as it may lie in a larger buffer.
    let buffer = Array("\"&--".utf8) + body + Array("\"}&=%".utf8)
    return try InvokeBody.decode(contentType: contentType, body: buffer[4..<(4 + body.count)], limits: limits)
}

func refusal(_ contentType: String, _ body: String, limits: Limits = Limits()) -> CloudError? {
    do throws(CloudError) {
        _ = try decode(contentType, Array(body.utf8), limits: limits)
        return nil
    } catch {
        return error
    }
}

@Suite("Bodies of POST /invoke")
struct InvokeBodyTests {
    static let contexts = [
        #"{"key":"value"}"#, "12345678901234567890.10e+02", #"{"名":"你好，世界","e":"🚀🇨🇳"}"#, "[1,\r\n\t2 ,\n3]  ",
        #"{"s":"\"\\\/\b\f\n\r\t\u4f60\ud83d\ude80","q":"'&=+%25;--a b"}"#, "\"--a b--\"", "null", #""""#,
    ]

    @Test("ClientContext is the same bytes in every form", arguments: BodyForm.allCases, contexts)
    func sameBytes(form: BodyForm, context: String) throws {
        let request = try decode(form.rawValue, form.body([("FunctionName", "hello"), ("ClientContext", context)]))
        #expect(request.functionName == "hello")
        #expect(request.clientContext?.text == Array(context.utf8))
        #expect(request.clientContext?.byteCount == context.utf8.count)
    }

    @Test("Every field arrives in every form, and an empty one counts as absent", arguments: BodyForm.allCases)
    func everyField(form: BodyForm) throws {
        let request = try decode(
            form.rawValue,
            form.body([
                ("FunctionName", "hello"), ("InvocationType", "Event"), ("Qualifier", "$LATEST"), ("LogType", "Tail"),
                ("Namespace", "n-1"), ("Region", "ap-guangzhou"), ("RoutingKey", #"{"键":"a b+c&d"}"#),
            ]))
        #expect(request.invocationType == .event)
        #expect(request.qualifier == "$LATEST")
        #expect(request.logType == .tail)
        #expect(request.namespace == "n-1")
        #expect(request.region == "ap-guangzhou")
        #expect(request.routingKey == #"{"键":"a b+c&d"}"#)
        #expect(request.clientContext == nil)

        let empty = InvokeParameter.allCases.map { ($0.rawValue, $0 == .functionName ? "f" : "") }
        let bare = try decode(form.rawValue, form.body(empty))
        #expect(bare.clientContext == nil)
        #expect(bare.namespace == nil)
        #expect(bare.logType == .none)
    }

    @Test(
        "1,048,576 bytes are taken and 1,048,577 are not, in every form", arguments: BodyForm.allCases,
        ["\"", "中", "\n"])
    func limit(form: BodyForm, filler: String) throws {
        // In an array of strings, or between its brackets, the filler makes up most of the size.
        let unit = filler == "\n" ? "\n" : filler == "\"" ? "\"\"," : "\"\(filler)\","
        for size in [1_048_576, 1_048_577] {
            var context = "[" + String(repeating: unit, count: (size - 8) / unit.utf8.count)
            context += String(repeating: " ", count: size - 2 - context.utf8.count) + "1]"
            try #require(context.utf8.count == size)
            let body = form.body([("FunctionName", "f"), ("ClientContext", context)])
            do throws(CloudError) {
                let request = try decode(form.rawValue, body)
                #expect(size == 1_048_576)
                #expect(request.clientContext?.byteCount == size)
                #expect(request.clientContext?.text == Array(context.utf8))
            } catch {
                #expect(size == 1_048_577)
                #expect(error.code == "RequestSizeLimitExceeded")
                #expect(error.message == "ClientContext is 1,048,577 bytes; at most 1,048,576 are allowed.")
            }
        }
    }

    @Test("A body over its limit is refused before it is looked at", arguments: BodyForm.allCases)
    func bodyLimit(form: BodyForm) {
        var limits = Limits()
        limits.clientContextBytes = 10
        let error = refusal(form.rawValue, String(repeating: "%", count: 41), limits: limits)
        #expect(error?.code == "RequestSizeLimitExceeded")
        #expect(error?.message == "The body is 41 bytes; at most 40 are allowed.")
    }

    @Test("Missing, unknown, repeated and bad fields in every form", arguments: BodyForm.allCases)
    func fieldErrors(form: BodyForm) {
        func code(_ fields: [(String, String)]) -> ErrorCode? {
            refusal(form.rawValue, String(decoding: form.body(fields), as: UTF8.self))?.code
        }
        #expect(code([]) == "MissingParameter")
        #expect(code([("LogType", "Tail")]) == "MissingParameter")
        #expect(code([("FunctionName", "f"), ("Other", "")]) == "UnknownParameter")
        #expect(code([("FunctionName", "f"), (String(repeating: "n", count: 65), "")]) == "UnknownParameter")
        #expect(code([("FunctionName", "f"), ("FunctionName", "f")]) == "InvalidParameterValue")
        if form != .json {
            // What a browser sends of a text and a file of one name, of which one was not used.
            #expect(code([("ClientContext", "1"), ("FunctionName", "f"), ("ClientContext", "")]) == nil)
        }
        #expect(code([("FunctionName", "no good")]) == "InvalidParameterValue")
        #expect(code([("FunctionName", String(repeating: "f", count: 1_025))]) == "InvalidParameterValue")
        #expect(code([("FunctionName", String(repeating: "f", count: 7_000))]) == "InvalidParameterValue")
        #expect(code([("FunctionName", "f"), ("ClientContext", "{'a':1}")]) == "InvalidParameterValue.Param")
    }

    @Test("An error in ClientContext has its place in ClientContext", arguments: BodyForm.allCases)
    func places(form: BodyForm) {
        let body = String(
            decoding: form.body([("ClientContext", "{\n \"名\": x}"), ("FunctionName", "f")]), as: UTF8.self)
        #expect(
            refusal(form.rawValue, body)?.message
                == "ClientContext is not JSON: line 2, column 7: expected a value, found 'x'.")
    }

    @Test(
        "Content-Type may have parameters and any case",
        arguments: [
            "application/json", "Application/JSON", "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            " application/json ;", "application/json; charset=utf8; profile=\"a;b\\\"c\"",
        ])
    func mediaTypes(contentType: String) {
        #expect(refusal(contentType, #"{"FunctionName":"f"}"#) == nil)
    }

    @Test(
        "Other types are refused, and the three are named",
        arguments: [
            "", "text/plain", "application/json; charset=gbk", "application/json; charset", "application/jsonx",
            "application/json, text/plain", "application/json; charset=utf-8; charset=utf-8", "json",
            "application/json; =a",
            "application/json; a=\"b", "text/plain; application/json",
        ])
    func otherTypes(contentType: String) {
        let error = refusal(contentType, #"{"FunctionName":"f"}"#)
        #expect(error?.code == "UnsupportedProtocol")
        #expect(error?.httpStatus == 415)
        for type in ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"] {
            #expect(error?.message.contains(type) == true)
        }
    }
}
