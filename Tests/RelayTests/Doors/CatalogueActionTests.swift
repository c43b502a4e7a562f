// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("ListFunctions and GetFunction on the cloud's door")
struct CatalogueActionTests {
    private typealias Door = CloudAPIDoorTests

    private static func post(_ body: String, _ action: String = "ListFunctions") -> FastCGI.Request {
        Door.changed {
            $0.headers["X-TC-Action"] = action
            $0.body = body
        }.request()
    }

    private static func get(_ query: String) -> FastCGI.Request {
        var call = Door.Call.get(query)
        call.headers["X-TC-Action"] = "ListFunctions"
        return call.request()
    }

    private static func form(_ parameters: [(name: String, value: String)]) -> FastCGI.Request {
        var call = Door.V1Call()
        call.set("FunctionName", nil)
        call.set("Action", "ListFunctions")
        call.parameters += parameters
        return call.request()
    }

    @Test(
        "A filter means the same however the call carries it",
        arguments: [
            post(#"{"Limit": 5, "Filters": [{"Name": "Runtime", "Values": ["Nodejs", "Go1"]}], "SearchKey": null}"#),
            get("Limit=5&Filters.0.Name=Runtime&Filters.0.Values.0=Nodejs&Filters.0.Values.1=Go1"),
            form([
                ("Limit", "5"), ("Filters.0.Name", "Runtime"), ("Filters.0.Values.0", "Nodejs"),
                ("Filters.0.Values.1", "Go1"),
            ]),
        ])
    func filters(request: FastCGI.Request) async {
        let response = await Door.router(FakeInvoker()).answer(request)
        #expect(response.text.contains(#""FunctionName":"echo""#))
        #expect(!response.text.contains(#""FunctionName":"hello""#))
        #expect(response.text.contains(#""TotalCount":1"#))
        #expect(response.text.contains(#""RequestId":"\#(response.requestId ?? "")""#))
    }

    static let refused: [(request: FastCGI.Request, code: String)] = [
        (post("[]"), "InvalidParameter"), (post("{"), "InvalidParameter"), (post(""), "InvalidParameter"),
        (post(#"{"Limit": "five"}"#), "InvalidParameterValue.Limit"),
        (post(#"{"Limit": 5.5}"#), "InvalidParameterValue.Limit"),
        (post(#"{"Limit": 5, "Limit": 5}"#), "InvalidParameterValue"),
        (post(#"{"Filters": [{"Name": "Colour", "Values": ["red"]}]}"#), "InvalidParameterValue.Filters"),
        (post(#"{"Filters": {"Name": "Runtime"}}"#), "UnknownParameter"),
        (post(#"{"FunctionName": "hello"}"#), "UnknownParameter"),
        (post(#"{"SearchKey": "\#(String(repeating: "a", count: 70_000))"}"#), "RequestSizeLimitExceeded"),
        (
            post(#"{"Filters": \#(String(repeating: "[", count: 9) + String(repeating: "]", count: 9))}"#),
            "InvalidParameter"
        ),
        (post("{}", "GetFunction"), "MissingParameter"),
        (post(#"{"FunctionName": "none"}"#, "GetFunction"), "ResourceNotFound.Function"),
        (get("Limit=5&Limit=6"), "InvalidParameterValue"), (get("Namespace=%FF"), "InvalidParameterValue"),
    ]

    @Test("What is wrong has the cloud's code", arguments: refused.indices)
    func refusals(index: Int) async {
        let response = await Door.router(FakeInvoker()).answer(Self.refused[index].request)
        #expect(response.status == .ok)
        #expect(response.text.hasPrefix(#"{"Response":{"Error":{"Code":"\#(Self.refused[index].code)","#))
    }

    @Test(
        "A relay does not offer them: a function's variables may be secrets, and the key that could read them is ours")
    func relay() async {
        let callers = Callers([Caller(name: "reports", keys: [Door.credential], functions: [])]) { _ in FakeInvoker() }
        let router = Router.cloudAPI(
            access: callers, regions: .any, limits: .init(), observer: CapturedLog.discarded, now: { Door.now })
        let response = await router.answer(Self.post("{}"))
        #expect(response.text.contains(#""Code":"InvalidAction""#))
        #expect(response.text.contains("Those offered here: Invoke, InvokeFunction."))
    }
}
