// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import Testing

@Suite("Checking a call")
struct InvokeRequestTests {
    private func request(_ pairs: [(String, String)]) throws(CloudError) -> InvokeRequest {
        try InvokeRequest(parameters: pairs.map { (name: $0.0, value: $0.1) }, limits: Limits())
    }

    private func refusal(_ pairs: [(String, String)]) -> CloudError? {
        do throws(CloudError) {
            _ = try request(pairs)
            return nil
        } catch {
            return error
        }
    }

    @Test("Every parameter arrives, and what is not given has the API's default")
    func everyParameter() throws {
        let full = try request([
            ("FunctionName", "hello"), ("InvocationType", "Event"), ("Qualifier", "$LATEST"), ("ClientContext", "{}"),
            ("LogType", "Tail"), ("Namespace", "my_space-1"), ("Region", "ap-shanghai-fsi"),
            ("RoutingKey", #"{"a":"b"}"#),
        ])
        #expect(full.functionName == "hello")
        #expect(full.invocationType == .event)
        #expect(full.qualifier == "$LATEST")
        #expect(full.clientContext?.text == Array("{}".utf8))
        #expect(full.logType == .tail)
        #expect(full.namespace == "my_space-1")
        #expect(full.region == "ap-shanghai-fsi")
        #expect(full.routingKey == #"{"a":"b"}"#)

        let empty = InvokeParameter.allCases.map { ($0.rawValue, $0 == .functionName ? "f" : "") }
        for bare in [try request([("FunctionName", "f")]), try request(empty)] {
            #expect(bare.invocationType == .requestResponse)
            #expect(bare.logType == .none)
            #expect(bare.clientContext == nil)
            #expect([bare.qualifier, bare.namespace, bare.region, bare.routingKey] == [nil, nil, nil, nil])
        }
    }

    @Test(
        "A good value is taken",
        arguments: [
            ("FunctionName", "a"), ("FunctionName", "Z9-_x"), ("FunctionName", String(repeating: "a", count: 60)),
            ("InvocationType", "RequestResponse"), ("LogType", "None"), ("Qualifier", "$DEFAULT"), ("Qualifier", "12"),
            ("Qualifier", "prod-1"), ("Qualifier", String(repeating: "q", count: 64)), ("Namespace", "default"),
            ("Namespace", "1-a"), ("Region", "ap-guangzhou"), ("RoutingKey", "{}"),
            ("RoutingKey", "{\"k\":\"" + String(repeating: "v", count: 1_016) + "\"}"),
        ])
    func goodValues(name: String, value: String) {
        #expect(refusal(name == "FunctionName" ? [(name, value)] : [(name, value), ("FunctionName", "f")]) == nil)
    }

    static let badValues: [(name: String, value: String, says: String)] = [
        ("FunctionName", "1a", "FunctionName is wrong at character 1; right is: 1 to 60 letters"),
        ("FunctionName", "a b", "FunctionName is wrong at character 2"),
        ("FunctionName", "函数", "FunctionName is wrong at character 1"),
        ("FunctionName", "a\u{0}", "FunctionName is wrong at character 2"),
        ("FunctionName", "a\n", "FunctionName is wrong at character 2"),
        ("FunctionName", String(repeating: "a", count: 61), "FunctionName is longer than 60 characters"),
        ("FunctionName", "a\u{301}", "FunctionName is wrong at character 2"),
        ("InvocationType", "event", "InvocationType is neither RequestResponse nor Event."),
        ("LogType", "Full", "LogType is neither None nor Tail."),
        ("Qualifier", "$latest", "Qualifier is wrong at character 1; right is: $LATEST, $DEFAULT, a version"),
        ("Qualifier", "-a", "Qualifier is wrong at character 1"),
        ("Qualifier", String(repeating: "1", count: 65), "Qualifier is longer than 64 characters"),
        ("Namespace", "a/b", "Namespace is wrong at character 2"),
        ("Namespace", String(repeating: "n", count: 65), "Namespace is longer than 64 characters"),
        ("Region", "AP-guangzhou", "Region is wrong at character 1"),
        ("Region", "ap.example.com", "Region is wrong at character 3; right is: 1 to 32 small letters"),
        ("Region", String(repeating: "r", count: 33), "Region is longer than 32 characters"),
        ("RoutingKey", "[]", "RoutingKey is not a JSON object of strings: line 1, column 1: expected an object"),
        ("RoutingKey", "{\"a\":1}", "RoutingKey is not a JSON object of strings: line 1, column 6: expected a string"),
        ("RoutingKey", "{\"a\":\"b\"", "expected ',' or '}' after a member, found the end of the input"),
        (
            "RoutingKey", "{\"k\":\"" + String(repeating: "v", count: 1_017) + "\"}",
            "RoutingKey is 1,025 bytes long; at most 1,024 are allowed."
        ),
    ]

    @Test("A bad value is refused, with what would be right", arguments: badValues)
    func badValue(name: String, value: String, says: String) throws {
        let refused = refusal(name == "FunctionName" ? [(name, value)] : [("FunctionName", "f"), (name, value)])
        let error = try #require(refused)
        #expect(error.code == "InvalidParameterValue")
        #expect(error.httpStatus == 400)
        #expect(error.message.contains(says), "\(error.message)")
    }

    @Test("Missing, unknown and repeated parameters")
    func names() {
        for pairs in [[], [("FunctionName", "")], [("LogType", "Tail")]] {
            #expect(refusal(pairs)?.code == "MissingParameter")
            #expect(refusal(pairs)?.message == "The request is missing a required parameter `FunctionName`.")
        }
        let unknown = refusal([("FunctionName", "f"), ("functionName", "f")])
        #expect(unknown?.code == "UnknownParameter")
        #expect(
            unknown?.message == "Unknown parameter `functionName`. Known parameters: FunctionName, InvocationType, "
                + "Qualifier, ClientContext, LogType, Namespace, Region, RoutingKey.")
        #expect(
            refusal([(String(repeating: "x", count: 65), "")])?.message.hasPrefix("A field name is 65 bytes") == true)
        #expect(refusal([("a\u{7}b", "")])?.message.hasPrefix("A field name has control characters") == true)
        for name in InvokeParameter.allCases.map(\.rawValue) {
            let twice = refusal([(name, ""), (name, "f")])
            #expect(twice?.code == "InvalidParameterValue")
            #expect(twice?.message == "\(name) is given more than once; give it once.")
        }
    }
}
