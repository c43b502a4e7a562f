// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import TencentCloud
import Testing

/// Which functions there are, and that nothing else can be run.
@Suite struct FunctionFolderTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    @Test("functions are listed by namespace and name")
    func list() throws {
        try functions.add("zebra", python: "", settings: "description: the last")
        try functions.add("apple", bootstrap: "", settings: "")
        try functions.add("wrong", python: "", settings: "a: 1")
        try functions.add("notes", settings: "")
        try functions.add("9lives", python: "")
        try functions.add("other", namespace: "team-2", python: "", settings: "description: 你好")
        try functions.add("hidden", namespace: ".git", python: "")
        try functions.add("node", node: "", settings: "handler: index.run\naliases: {prod: 2}")
        for version in ["node@2", "node@10", "node@01", "node@0", "node@x", "node@", "node@1@2"] {
            try functions.add(version, node: "", settings: "")
        }
        var expected = [
            FunctionSummary(name: "apple", namespace: "default"), FunctionSummary(name: "node", namespace: "default"),
            FunctionSummary(name: "wrong", namespace: "default"), FunctionSummary(name: "zebra", namespace: "default"),
            FunctionSummary(name: "other", namespace: "team-2"),
        ]
        expected[0].runtime = "CustomRuntime"
        (expected[1].runtime, expected[1].handler) = ("Nodejs", "index.run")
        (expected[1].versions, expected[1].aliases) = ([2, 10], ["prod": "2"])
        expected[2].problem =
            "default/wrong/function.yaml, line 1: unknown key a "
            + "(known: description, handler, runtime, timeout, memory, retries, environment, aliases)"
        for (index, description) in [(3, "the last"), (4, "你好")] {
            (expected[index].runtime, expected[index].handler) = ("Python3", "index.main_handler")
            expected[index].description = description
        }
        #expect(try functions.folder.functions() == expected)
    }

    @Test("a root that is not there is refused")
    func noRoot() {
        #expect(throws: CloudError.self) { try FunctionFolder(root: "/no/such/folder") }
        #expect(throws: CloudError.self) { try FunctionFolder(root: "/etc/passwd") }
    }

    @Test(
        "what is not there has the cloud's code",
        arguments: [
            ("nothing", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("empty", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("f", "nowhere", "$LATEST", "ResourceNotFound.Namespace"),
            ("f", "default", "2", "ResourceNotFound.Qualifier"),
            ("f", "default", "$latest", "ResourceNotFound.Qualifier"),
            ("..", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            (".", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("../outside", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("f/../f", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("f\0", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("f\n", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("f", "..", "$LATEST", "ResourceNotFound.Namespace"),
            ("f", "default/../default", "$LATEST", "ResourceNotFound.Namespace"),
            ("f", "", "$LATEST", "ResourceNotFound.Namespace"),
            ("linked", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("linkedFile", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("dangling", "default", "$LATEST", "ResourceNotFound.FunctionName"),
            ("f", "linked", "$LATEST", "ResourceNotFound.Namespace"),
            ("wrong", "default", "$LATEST", "FailedOperation.FunctionStatusError"),
            ("linkedSettings", "default", "$LATEST", "FailedOperation.FunctionStatusError"),
        ])
    func notFound(name: String, namespace: String, qualifier: String, code: String) async throws {
        let outside = try TemporaryFunctions()
        let outsideFunction = try outside.add("f", bootstrap: "#!/bin/sh\necho outside\n", settings: "description: x")
        try functions.add("f", bootstrap: "#!/bin/sh\necho inside\n")
        try functions.add("empty")
        try functions.add("wrong", python: "", settings: "timeout: 901")
        let root = functions.root
        let manager = FileManager.default
        let linkedFile = try functions.add("linkedFile")
        let linkedSettings = try functions.add("linkedSettings", python: "")
        try manager.removeItem(at: linkedSettings.appending(path: "function.yaml"))
        for (link, target) in [
            (root.appending(path: "default/linked"), outsideFunction),
            (root.appending(path: "linked"), outside.root.appending(path: "default")),
            (linkedFile.appending(path: "bootstrap"), outsideFunction.appending(path: "bootstrap")),
            (linkedSettings.appending(path: "function.yaml"), outsideFunction.appending(path: "function.yaml")),
            (root.appending(path: "default/dangling"), root.appending(path: "default/nowhere")),
        ] {
            try manager.createSymbolicLink(at: link, withDestinationURL: target)
        }
        let request = InvokeRequest(functionName: name, qualifier: qualifier, namespace: namespace)
        let invoker = try functions.invoker()
        let error = await #expect(throws: CloudError.self) { try await invoker.invoke(request, requestId: "id") }
        #expect(error?.code == ErrorCode(rawValue: code))
    }

    @Test("a link within the root is followed")
    func linkWithin() async throws {
        let folder = try functions.add("f", bootstrap: "#!/bin/sh\necho inside\n")
        try FileManager.default.createSymbolicLink(
            at: functions.root.appending(path: "default/alias"), withDestinationURL: folder)
        #expect(try await functions.run("alias").retMsg == "inside\n")
    }

    @Test("a link that leads out is nothing to run, whatever the settings say", arguments: ["Python3", "Nodejs"])
    func linkOut(_ runtime: String) async throws {
        let folder = try functions.add("f", settings: "runtime: \(runtime)")
        let outside = functions.root.deletingLastPathComponent().appending(path: "outside-\(runtime)")
        try "secret".write(to: outside, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: outside) }
        try FileManager.default.createSymbolicLink(
            at: folder.appending(path: runtime == "Python3" ? "index.py" : "index.js"), withDestinationURL: outside)
        let error = await #expect(throws: CloudError.self) { try await functions.run("f") }
        #expect(error?.code == "ResourceNotFound.FunctionName")
    }

    @Test("the one version has two names", arguments: [nil, "$LATEST", "$DEFAULT"])
    func qualifier(_ qualifier: String?) async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\necho inside\n")
        let request = InvokeRequest(functionName: "f", qualifier: qualifier)
        #expect(try await functions.invoker().invoke(request, requestId: "id").result.retMsg == "inside\n")
    }

    @Test("a function in a namespace of its own")
    func namespace() async throws {
        try functions.add("f", namespace: "team", bootstrap: "#!/bin/sh\nprintf \"$SCF_NAMESPACE\"\n")
        let request = InvokeRequest(functionName: "f", namespace: "team")
        #expect(try await functions.invoker().invoke(request, requestId: "id").result.retMsg == "team")
    }

    @Test("a function that was changed is run as it is now")
    func changed() async throws {
        let invoker = try functions.invoker()
        for answer in ["one", "two"] {
            try functions.add("f", bootstrap: "#!/bin/sh\nprintf \(answer)\n")
            #expect(try await invoker.run("f").retMsg == answer)
        }
    }
}
