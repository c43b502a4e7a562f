// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import TencentCloud
import Testing

/// `ListFunctions` and `GetFunction` on a folder, as parameters in and envelope out.
@Suite struct CatalogueTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
        try functions.add(
            "greet", python: "def main_handler(event, context):\n    return '你好'\n",
            settings: "description: greets\ntimeout: 45\nmemory: 256\nenvironment: {B: '2', A: x}\naliases: {prod: 3}")
        try functions.add("greet@3", python: "x = 3\n", settings: "handler: index.run\nruntime: Python3.10")
        try functions.add("echo", node: "", settings: "description: echoes what greets")
        try functions.add("raw", bootstrap: "\u{7F}ELF", settings: "")
        try functions.add("wrong", python: "", settings: "timeout: 0")
        try functions.add("notes", settings: "")
        try functions.add("other", namespace: "team", python: "", settings: "")
    }

    private func answer(
        _ action: CatalogueAction, _ parameters: [String: String] = [:]
    ) async throws -> [String: Any] {
        let pairs = parameters.map { (name: $0.key, value: $0.value) }
        let body = try await functions.folder.answer(action, parameters: pairs, requestId: "an-id")
        let document = try JSONSerialization.jsonObject(with: Data(body)) as? [String: [String: Any]]
        let response = try #require(document?["Response"])
        #expect(response["RequestId"] as? String == "an-id")
        return response
    }

    private func names(_ parameters: [String: String]) async throws -> [String] {
        let list = try await answer(.listFunctions, parameters)["Functions"] as? [[String: Any]]
        return try #require(list).compactMap { $0["FunctionName"] as? String }
    }

    @Test(
        "a list is chosen, ordered and cut as asked",
        arguments: [
            ([:], "echo greet raw wrong"), (["Order": "DESC"], "wrong raw greet echo"),
            (["Offset": "1", "Limit": "2"], "greet raw"), (["Offset": "9"], ""), (["Limit": "0"], ""),
            (["SearchKey": "r"], "greet raw wrong"), (["Description": "greets"], "echo greet"),
            (["Namespace": "team"], "other"), (["Namespace": ""], "echo greet raw wrong"),
            (
                ["Filters.0.Name": "Runtime", "Filters.0.Values.0": "Nodejs", "Filters.0.Values.1": "Python3"],
                "echo greet"
            ),
            (["Filters.0.Name": "Status", "Filters.0.Values.0": "CreateFailed"], "wrong"),
            (
                [
                    "Filters.0.Name": "Status", "Filters.0.Values.0": "Active", "Filters.1.Name": "Type",
                    "Filters.1.Values.0": "HTTP",
                ], ""
            ),
            (["Filters.0.Name": "VpcId", "Filters.0.Values.0": "vpc-1"], ""),
        ] as [([String: String], String)])
    func list(parameters: [String: String], expected: String) async throws {
        #expect(try await names(parameters) == expected.split(separator: " ").map(String.init))
    }

    @Test("TotalCount counts what Offset and Limit leave out")
    func totalCount() async throws {
        #expect(try await answer(.listFunctions, ["Limit": "1"])["TotalCount"] as? Int == 4)
        #expect(try await answer(.listFunctions, ["SearchKey": "e", "Offset": "2"])["TotalCount"] as? Int == 2)
    }

    @Test("the order may be by the last change")
    func byModification() async throws {
        for (name, year) in [("greet", 2001), ("echo", 2003), ("raw", 2002)] {
            let folder = functions.root.appending(path: "default/\(name)")
            let date = try #require(Calendar(identifier: .gregorian).date(from: DateComponents(year: year)))
            for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                try FileManager.default.setAttributes(
                    [.modificationDate: date], ofItemAtPath: folder.appending(path: file).path)
            }
        }
        #expect(try await names(["Orderby": "ModTime", "Limit": "3"]) == ["greet", "raw", "echo"])
    }

    @Test("each function of a list has the SDK's fields, in its types")
    func listing() async throws {
        let list = try #require(try await answer(.listFunctions)["Functions"] as? [[String: Any]])
        let greet = list[1]
        let expected: Set = [
            "FunctionName", "FunctionId", "Namespace", "Runtime", "Description", "Status", "StatusDesc",
            "StatusReasons", "ModTime", "Tags", "Type",
        ]
        #expect(Set(greet.keys) == expected)
        #expect(greet["Runtime"] as? String == "Python3")
        #expect(greet["Namespace"] as? String == "default")
        #expect(greet["Description"] as? String == "greets")
        #expect(greet["Status"] as? String == "Active")
        #expect((greet["FunctionId"] as? String)?.wholeMatch(of: /lam-[0-9a-z]{8}/) != nil)
        #expect((greet["ModTime"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/) != nil)
        let wrong = list[3]
        #expect(wrong["Status"] as? String == "CreateFailed")
        let reasons = wrong["StatusReasons"] as? [[String: String]]
        #expect(reasons?.first?["ErrorMessage"]?.contains("wrong/function.yaml, line 1: timeout must be") == true)
        #expect(Set(list.compactMap { $0["FunctionId"] as? String }).count == 4)
    }

    @Test("GetFunction tells what function.yaml and the files say")
    func get() async throws {
        let greet = try await answer(.getFunction, ["FunctionName": "greet", "ShowCode": "TRUE"])
        #expect(greet["FunctionVersion"] as? String == "$LATEST")
        #expect(greet["Qualifier"] as? String == "$LATEST")
        #expect(greet["Handler"] as? String == "index.main_handler")
        #expect(greet["Timeout"] as? Int == 45)
        #expect(greet["MemorySize"] as? Int == 256)
        let code = "def main_handler(event, context):\n    return '你好'\n"
        #expect(greet["CodeInfo"] as? String == code)
        let settings = try Data(contentsOf: functions.root.appending(path: "default/greet/function.yaml"))
        #expect(greet["CodeSize"] as? Int == code.utf8.count + settings.count)
        let environment = greet["Environment"] as? [String: [[String: String]]]
        #expect(environment == ["Variables": [["Key": "A", "Value": "x"], ["Key": "B", "Value": "2"]]])
        #expect(greet["ErrNo"] as? Int == 0)
        #expect((greet["Triggers"] as? [Any])?.isEmpty == true)
    }

    @Test("GetFunction finds versions by number and by alias", arguments: ["3", "prod"])
    func version(qualifier: String) async throws {
        let greet = try await answer(.getFunction, ["FunctionName": "greet", "Qualifier": qualifier])
        #expect(greet["FunctionVersion"] as? String == "3")
        #expect(greet["Qualifier"] as? String == qualifier)
        #expect(greet["Handler"] as? String == "index.run")
        #expect(greet["Runtime"] as? String == "Python3.10")
        #expect(greet["CodeInfo"] as? String == "")
    }

    @Test(
        "what cannot be right has the cloud's code",
        arguments: [
            (CatalogueAction.listFunctions, ["Limit": "x"], "InvalidParameterValue.Limit"),
            (.listFunctions, ["Limit": "-1"], "InvalidParameterValue.Limit"),
            (.listFunctions, ["Limit": "+1"], "InvalidParameterValue.Limit"),
            (.listFunctions, ["Limit": "1001"], "InvalidParameterValue.Limit"),
            (.listFunctions, ["Offset": "1.5"], "InvalidParameterValue.Offset"),
            (.listFunctions, ["Order": "asc"], "InvalidParameterValue.Order"),
            (.listFunctions, ["Orderby": "Name"], "InvalidParameterValue.OrderBy"),
            (.listFunctions, ["Namespace": "nowhere"], "ResourceNotFound.Namespace"),
            (.listFunctions, ["Namespace": "../default"], "ResourceNotFound.Namespace"),
            (.listFunctions, ["Filters.0.Name": "Colour"], "InvalidParameterValue.Filters"),
            (.listFunctions, ["Filters.0.Name": "Status"], "InvalidParameterValue.Filters"),
            (.listFunctions, ["FunctionName": "echo"], "UnknownParameter"),
            (.getFunction, [:], "MissingParameter"), (.getFunction, ["FunctionName": ""], "MissingParameter"),
            (.getFunction, ["FunctionName": "none"], "ResourceNotFound.FunctionName"),
            (.getFunction, ["FunctionName": "greet", "Qualifier": "9"], "ResourceNotFound.Qualifier"),
            (.getFunction, ["FunctionName": "greet", "Namespace": "x"], "ResourceNotFound.Namespace"),
            (.getFunction, ["FunctionName": "greet", "ShowCode": "yes"], "InvalidParameterValue"),
            (.getFunction, ["FunctionName": "wrong"], "FailedOperation.FunctionStatusError"),
            (.getFunction, ["FunctionName": "greet", "Colour": "red"], "UnknownParameter"),
        ] as [(CatalogueAction, [String: String], String)])
    func wrong(action: CatalogueAction, parameters: [String: String], code: String) async throws {
        let error = await #expect(throws: CloudError.self) { _ = try await answer(action, parameters) }
        #expect(error?.code == ErrorCode(rawValue: code))
    }

    @Test("a parameter that comes twice is refused")
    func twice() async throws {
        let folder = try functions.folder
        let error = await #expect(throws: CloudError.self) {
            try await folder.answer(
                .getFunction,
                parameters: [(name: "FunctionName", value: "echo"), (name: "FunctionName", value: "greet")],
                requestId: "id")
        }
        #expect(error?.code == "InvalidParameterValue")
    }

    @Test(
        "times are written as the cloud writes them",
        arguments: [(0, "1970-01-01 08:00:00"), (1_528_336_344, "2018-06-07 09:52:24")])
    func time(seconds: Int, text: String) {
        #expect(CatalogueTime(unixSeconds: seconds).description == text)
    }
}
