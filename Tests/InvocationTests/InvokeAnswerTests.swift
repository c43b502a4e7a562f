// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import Testing

@Suite("The cloud's answers")
struct InvokeAnswerTests {
    /// The example of the API page, byte for byte.
    static let example = """
        {
            "Response": {
                "Result": {
                    "MemUsage": 3207168,
                    "Log": "",
                    "RetMsg": "hello from scf",
                    "BillDuration": 100,
                    "FunctionRequestId": "6add56fa-58f1-11e8-89a9-5254005d5fdb",
                    "Duration": 0.826,
                    "ErrMsg": "",
                    "InvokeResult": 0
                },
                "RequestId": "c2af8a64-c922-4d55-aee0-bd86a5c2cd12"
            }
        }
        """
    static let exampleResult = InvokeResult(
        retMsg: "hello from scf", functionRequestId: "6add56fa-58f1-11e8-89a9-5254005d5fdb", duration: 0.826,
        billDuration: 100, memUsage: 3_207_168)

    private func read(_ text: String, limits: Limits = Limits()) throws -> Result<InvokeAnswer, CloudError> {
        try InvokeAnswer.read(Array(text.utf8), limits: limits)
    }

    @Test("The API page's example is read, and its bytes are kept")
    func example() throws {
        let answer = try read(Self.example).get()
        #expect(answer.result == Self.exampleResult)
        #expect(answer.requestId == "c2af8a64-c922-4d55-aee0-bd86a5c2cd12")
        #expect(answer.envelope == Array(Self.example.utf8))
        #expect(!answer.result.failed)
    }

    @Test(
        "Times and memory that no run can have are held to what one can",
        arguments: ["9223372036854775807", "4000000000000000", "1e18", "-1", "-9223372036854775808"])
    func numbersBeyondAll(number: String) throws {
        let text = """
            {"Response":{"Result":{"FunctionRequestId":"x","Duration":\(number),"BillDuration":\(number),"MemUsage":\(number),\
            "InvokeResult":\(number)},"RequestId":"r"}}
            """
        let answer = try read(text).get()
        #expect(answer.result.billDuration == (number.hasPrefix("-") ? 0 : 100_000_000))
        #expect(answer.result.duration == (number.hasPrefix("-") ? 0 : 100_000_000))
        #expect(answer.result.memUsage == (number.hasPrefix("-") ? 0 : 1 << 40))
        #expect(answer.result.failed)
        #expect(answer.envelope == Array(text.utf8), "which is what the cloud said")
    }

    @Test("Our own answer is the example's, without its spaces")
    func ownAnswer() throws {
        let answer = InvokeAnswer(result: Self.exampleResult, requestId: "c2af8a64-c922-4d55-aee0-bd86a5c2cd12")
        let compact = Self.example.split(separator: "\n").map { line in
            line.drop { $0 == " " }.replacing("\": ", with: "\":")
        }.joined()
        #expect(String(decoding: answer.envelope, as: UTF8.self) == compact)
        #expect(try read(compact).get().result == Self.exampleResult)
    }

    @Test("Texts of a result come back as they were")
    func texts() throws {
        var result = InvokeResult(functionRequestId: "id", duration: 1e-7, invokeResult: -1)
        result.retMsg = "{\"a\":\"\\\"\n\u{0}中🚀\"}"
        result.log = "line\r\n\tline"
        result.errMsg = "Traceback \"x\""
        let answer = InvokeAnswer(result: result, requestId: "r\"1")
        let again = try InvokeAnswer.read(answer.envelope, limits: Limits()).get()
        #expect(again.result == result)
        #expect(again.requestId == "r\"1")
        #expect(again.result.failed)
    }

    @Test(
        "What an Event call leaves empty may be null, \"\", 0 or absent",
        arguments: [
            #"{"FunctionRequestId":"x"}"#,
            #"{"FunctionRequestId":"x","Log":null,"RetMsg":null,"ErrMsg":null,"MemUsage":null,"Duration":null,"#
                + #""BillDuration":null,"InvokeResult":null}"#,
            #"{"FunctionRequestId":"x","Log":"","RetMsg":"","ErrMsg":"","MemUsage":"","Duration":"","#
                + #""BillDuration":"","InvokeResult":""}"#,
            #"{"New":{"a":[1]},"FunctionRequestId":"x","MemUsage":0.0,"Duration":0,"BillDuration":0,"InvokeResult":0}"#,
        ])
    func eventResults(result: String) throws {
        let answer = try read(#"{"Extra":1,"Response":{"RequestId":"r","More":{},"Result":\#(result)}}"#).get()
        #expect(answer.result == InvokeResult(functionRequestId: "x"))
    }

    @Test("An error of the cloud is an error here, whatever its code")
    func errors() throws {
        let text = #"{"Response":{"Error":{"Code":"A.New","Message":"说明"},"RequestId":"r"}}"#
        let expected = CloudError("A.New", "说明", upstreamRequestId: "r")
        #expect(throws: expected) { try read(text).get() }
        #expect(ResponseEnvelope.failure(expected, requestId: "r") == Array(text.utf8))

        let noId = #"{"Response":{"Error":{"Code":"InternalError","Message":null},"Result":null}}"#
        #expect(throws: CloudError("InternalError", "")) { try read(noId).get() }
    }

    static let nonsense: [(answer: String, says: String)] = [
        ("", "line 1, column 1: expected an object, found the end of the input"),
        ("<html>", "line 1, column 1: expected an object, found '<'"),
        ("[]", "line 1, column 1: expected an object, found '['"),
        ("{}", "it has neither Result nor Error"),
        (#"{"Response":null}"#, "line 1, column 13: expected an object, found 'n'"),
        (#"{"Response":{}}"#, "it has neither Result nor Error"),
        (#"{"Response":{"RequestId":"r"}}"#, "it has neither Result nor Error"),
        (#"{"Response":{"RequestId":"r","Result":null}}"#, "it has neither Result nor Error"),
        (#"{"Response":{"Result":{}}}"#, "it has no RequestId"),
        (#"{"Response":{"Error":{},"RequestId":"r"}}"#, "its Error has no Code"),
        (#"{"Response":{"Error":"x","RequestId":"r"}}"#, "line 1, column 22: expected an object, found '\"'"),
        (#"{"Response":{"Result":{"RetMsg":{}},"RequestId":"r"}}"#, "line 1, column 33: expected a string, found '{'"),
        (
            #"{"Response":{"Result":{"MemUsage":"1"},"RequestId":"r"}}"#,
            "expected a whole number of 64 bits, found '\"'"
        ),
        (
            #"{"Response":{"Result":{"MemUsage":1e99},"RequestId":"r"}}"#,
            "expected a whole number of 64 bits, found '1'"
        ),
        (#"{"Response":{"Result":{},"RequestId":"r"}} x"#, "expected the end of the document, found 'x'"),
        (#"{"Response":{"Result":{},"RequestId":"r"}"#, "found the end of the input"),
        (#"{"Response":{"Result":{"Other":[1,]},"RequestId":"r"}}"#, "line 1, column 35: expected a value, found ']'"),
    ]

    @Test("Anything else is not what the API promises", arguments: nonsense)
    func isUnexpected(answer: String, says: String) throws {
        let problem = #expect(throws: UnexpectedAnswer.self) { try read(answer) }
        #expect(problem?.detail.contains(says) == true, "\(problem?.detail ?? "")")
        #expect(problem?.description.hasPrefix("The answer is not what the API promises: ") == true)
    }

    @Test("An answer over the limit is not read")
    func limit() throws {
        var limits = Limits()
        limits.responseBytes = Self.example.utf8.count
        #expect(throws: Never.self) { try read(Self.example, limits: limits) }
        #expect(throws: UnexpectedAnswer.self) { try read(Self.example + " ", limits: limits) }
    }
}
