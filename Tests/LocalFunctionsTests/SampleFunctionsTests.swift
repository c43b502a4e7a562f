// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Testing

/// The functions that come with this project.
@Suite struct SampleFunctionsTests {
    private let folder: FunctionFolder

    init() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        folder = try FunctionFolder(root: package.appending(path: "functions").path)
    }

    private func run(_ name: String, event: String = "{}", log: Bool = false) async throws -> InvokeResult {
        try await LocalInvoker(functions: folder).run(name, event: Array(event.utf8), log: log)
    }

    @Test("each says what it is for")
    func descriptions() {
        let functions = folder.functions().filter { $0.namespace == "default" }
        #expect(functions.map(\.name) == ["echo", "echo-node", "fail", "hello", "log", "sleep"])
        #expect(functions.allSatisfy { !$0.description.isEmpty && $0.problem == nil })
    }

    @Test("hello answers as the API page's sample does")
    func hello() async throws {
        let result = try await run("hello")
        #expect(result.retMsg == "hello from scf")
        #expect(!result.failed)
    }

    @Test(
        "echo answers its event, byte for byte",
        arguments: [
            "12345678901234567890.10e+02", #"{"a" : [ 1.0,-0 ,1E400 ] }"#, #""你好 🚀 é""#,
            #""\u4f60\ud83d\ude80\/\"\b""#, " \r\n\t{}\n ", #"{"a":1,"a":2}"#, "null",
        ])
    func echo(event: String) async throws {
        #expect(Array(try await run("echo", event: event).retMsg.utf8) == Array(event.utf8))
    }

    @Test("fail fails")
    func fail() async throws {
        let result = try await run("fail")
        #expect(try FailedRetMsg(result).statusCode == 430)
        #expect(result.errMsg.hasSuffix("RuntimeError: this function always fails\n"))
    }

    @Test("sleep sleeps")
    func sleep() async throws {
        let result = try await run("sleep", event: #"{"seconds": 0.2}"#)
        #expect(result.retMsg == #"{"slept": 0.2}"#)
        #expect(result.duration >= 200)
    }

    @Test("log writes its lines")
    func log() async throws {
        let result = try await run("log", event: #"{"lines": 100}"#, log: true)
        #expect(result.retMsg == #"{"lines": 100}"#)
        let written = result.log.split(separator: "\n").filter { $0.hasPrefix("line ") }
        #expect(written.count == 100)
        #expect(written.last == "line 100 of 100")
    }
}
