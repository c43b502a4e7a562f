// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON
import TencentCloud
import Testing

@Suite("The body of the cloud's POST")
struct WireBodyTests {
    static let table: [(parameters: [(name: String, value: String)], body: String)] = [
        ([("FunctionName", "hello")], #"{"FunctionName":"hello"}"#),
        (
            [
                ("FunctionName", "hello"), ("InvocationType", "RequestResponse"), ("LogType", "None"),
                ("Region", "ap-x"),
            ],
            #"{"FunctionName":"hello"}"#
        ),
        (
            [("ClientContext", #"{"key":"value"}"#), ("FunctionName", "hello")],
            #"{"FunctionName":"hello","ClientContext":"{\"key\":\"value\"}"}"#
        ),
        (
            [
                ("FunctionName", "f"), ("InvocationType", "Event"), ("Qualifier", "$LATEST"), ("LogType", "Tail"),
                ("Namespace", "n"), ("RoutingKey", #"{"a":"b"}"#), ("ClientContext", "12345678901234567890.10e+02"),
            ],
            #"{"FunctionName":"f","InvocationType":"Event","Qualifier":"$LATEST","LogType":"Tail","Namespace":"n","#
                + #""RoutingKey":"{\"a\":\"b\"}","ClientContext":"12345678901234567890.10e+02"}"#
        ),
        (
            [("FunctionName", "f"), ("ClientContext", "{\"名\":\n\"\\u4f60🚀\"}")],
            #"{"FunctionName":"f","ClientContext":"{\"名\":\n\"\\u4f60🚀\"}"}"#
        ),
    ]

    @Test("Only what is set, in one order, ClientContext last", arguments: table)
    func wireBody(parameters: [(name: String, value: String)], body: String) throws {
        let wire = try InvokeRequest(parameters: parameters, limits: Limits()).wireBody
        #expect(String(decoding: wire, as: UTF8.self) == body)
        try JSONValidator.validate(wire[...])
    }

    @Test("A megabyte arrives byte for byte")
    func megabyte() throws {
        let context = "[\"" + String(repeating: "中\\\"🚀 ", count: 87_381) + "\"]"
        let request = try InvokeRequest(
            parameters: [("FunctionName", "f"), ("ClientContext", context)].map { (name: $0.0, value: $0.1) },
            limits: Limits())
        var reader = try JSONObjectReader(request.wireBody[...])
        #expect(try reader.nextMember()?.name == "FunctionName")
        #expect(try reader.nextMember()?.name == "ClientContext")
        #expect(try reader.readString() == context)
        #expect(try reader.nextMember() == nil)
    }
}
