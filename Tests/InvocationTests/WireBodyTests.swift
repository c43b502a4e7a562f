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

    /// Whose call it is, what it goes out as, and the body.
    static let translations: [(own: InvokeAction, other: InvokeAction, qualifier: String?, body: String)] = [
        (.invoke, .invoke, nil, #"{"FunctionName":"f","ClientContext":"1"}"#),
        (.invokeFunction, .invokeFunction, nil, #"{"FunctionName":"f","Event":"1"}"#),
        (.invoke, .invokeFunction, nil, #"{"FunctionName":"f","Qualifier":"$LATEST","Event":"1"}"#),
        (.invokeFunction, .invoke, nil, #"{"FunctionName":"f","Qualifier":"$DEFAULT","ClientContext":"1"}"#),
        (.invoke, .invokeFunction, "7", #"{"FunctionName":"f","Qualifier":"7","Event":"1"}"#),
        (.invokeFunction, .invoke, "prod", #"{"FunctionName":"f","Qualifier":"prod","ClientContext":"1"}"#),
    ]

    @Test("A call that goes out as the other action keeps its meaning", arguments: translations.indices)
    func translated(index: Int) throws {
        let row = Self.translations[index]
        let names = InvokeParameterNames(row.own)
        var fields = InvokeFields(names)
        fields.set(.functionName, to: "f")
        fields.set(.qualifier, to: row.qualifier ?? "")
        fields.set(try ClientContext(json: Array("1".utf8)[...], limits: Limits()))
        let request = try InvokeRequest(fields, limits: Limits())
        #expect(request.action == row.own)
        #expect(request.qualifierInForce == row.qualifier ?? row.own.defaultQualifier)
        #expect(String(decoding: request.wirePieces(for: row.other).joined(), as: UTF8.self) == row.body)
    }

    @Test("A large event goes out as Event without being copied")
    func largeEvent() throws {
        let literal = Array(("\"[" + String(repeating: "1,", count: 20_000) + "1]\"").utf8)
        var fields = InvokeFields()
        fields.set(.functionName, to: "f")
        fields.set(try ClientContext(ifAny: QuotedJSON(startOf: literal[...]), limits: Limits()))
        let pieces = try InvokeRequest(fields, limits: Limits()).wirePieces(for: .invokeFunction)
        #expect(pieces.count == 3)
        #expect(String(decoding: pieces[0], as: UTF8.self).hasSuffix(#","Event":"#))
        let isSamePlace = pieces[1].withUnsafeBufferPointer { piece in
            literal.withUnsafeBufferPointer { $0.baseAddress == piece.baseAddress }
        }
        #expect(isSamePlace)
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
