// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import TencentCloud
import Testing

/// Functions that fail: the call succeeds, and the result has the cloud's shape for it.
@Suite struct FailureTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var python: String?
        var bootstrap: String?
        var mode = 0o755
        let statusCode: Int
        let message: String
        /// What ErrMsg ends with.
        let detail: String
    }

    static let cases = [
        Case(
            testDescription: "exception", python: handler("raise ValueError('no such thing')"), statusCode: 430,
            message: "user code exception caught", detail: "ValueError: no such thing\n"),
        Case(
            testDescription: "exception that is none of Exception's", python: handler("raise KeyboardInterrupt"),
            statusCode: 430, message: "user code exception caught", detail: "KeyboardInterrupt\n"),
        Case(
            testDescription: "handler with other parameters", python: "def main_handler():\n    pass\n",
            statusCode: 430,
            message: "user code exception caught",
            detail: "TypeError: main_handler() takes 0 positional arguments but 2 were given\n"),
        Case(
            testDescription: "result that is not JSON", python: handler("return {1, 2}"), statusCode: 430,
            message: "user code exception caught", detail: "TypeError: Object of type set is not JSON serializable\n"),
        Case(
            testDescription: "result that JSON has no number for", python: handler("return float('nan')"),
            statusCode: 430, message: "user code exception caught",
            detail: "ValueError: Out of range float values are not JSON compliant\n"),
        Case(
            testDescription: "no handler file", python: nil, bootstrap: nil, statusCode: 437,
            message: "Handler not found: there is no other.py", detail: "there is no other.py"),
        Case(
            testDescription: "no handler function", python: "def other(event, context):\n    pass\n", statusCode: 437,
            message: "Handler not found: index.py has no function main_handler", detail: "no function main_handler"),
        Case(
            testDescription: "handler that is no function", python: "main_handler = 1\n", statusCode: 437,
            message: "Handler not found: index.py has no function main_handler", detail: "no function main_handler"),
        Case(
            testDescription: "syntax error", python: "def main_handler(event, context)\n    pass\n", statusCode: 443,
            message: "user code error caught", detail: "SyntaxError: expected ':'\n"),
        Case(
            testDescription: "exception while the code is loaded", python: "import no_such_module\n", statusCode: 443,
            message: "user code error caught", detail: "ModuleNotFoundError: No module named 'no_such_module'\n"),
        Case(
            testDescription: "sys.exit", python: handler("import sys; sys.exit(3)"), statusCode: 439,
            message: "User process exit when running", detail: ": sys.exit(3)"),
        Case(
            testDescription: "sys.exit while the code is loaded", python: "import sys\nsys.exit()\n", statusCode: 439,
            message: "User process exit when running", detail: ": sys.exit(None)"),
        Case(
            testDescription: "os._exit", python: handler("import os; os._exit(0)"), statusCode: 439,
            message: "User process exit when running", detail: ": exit code 0"),
        Case(
            testDescription: "killed", python: handler("import os; os.kill(os.getpid(), 11)"), statusCode: 439,
            message: "User process exit when running", detail: ": killed by signal 11"),
        Case(
            testDescription: "bootstrap that exits with 3", bootstrap: "#!/bin/sh\necho partial\nexit 3\n",
            statusCode: 439, message: "User process exit when running", detail: ": exit code 3"),
        Case(
            testDescription: "bootstrap that kills itself", bootstrap: "#!/bin/sh\nkill -9 $$\n", statusCode: 439,
            message: "User process exit when running", detail: ": killed by signal 9"),
        Case(
            testDescription: "bootstrap that is not executable", bootstrap: "#!/bin/sh\n", mode: 0o644, statusCode: 443,
            message: notExecutable, detail: "is missing"),
        Case(
            testDescription: "bootstrap that is no program", bootstrap: "echo hello\n", statusCode: 443,
            message: "User code cannot be started: bootstrap is no program, and has no line such as #!/bin/sh",
            detail: "#!/bin/sh"),
        Case(
            testDescription: "bootstrap whose interpreter is missing", bootstrap: "#!/no/such/shell\n", statusCode: 443,
            message: notExecutable, detail: "is missing"),
    ]

    static let notExecutable =
        "User code cannot be started: bootstrap is not executable, or what its first line names is missing"

    static func handler(_ statement: String) -> String {
        "def main_handler(event, context):\n    \(statement)\n"
    }

    @Test("a failure has the cloud's shape", arguments: cases)
    func shape(of failure: Case) async throws {
        let missing = failure.python == nil && failure.bootstrap == nil
        try functions.add(
            "f", python: missing ? "" : failure.python, bootstrap: failure.bootstrap,
            settings: missing ? "handler: other.main_handler\ntimeout: 60" : "timeout: 60", mode: failure.mode)
        let result = try await functions.run("f")
        let retMsg = try FailedRetMsg(result)
        #expect(retMsg.statusCode == failure.statusCode)
        #expect(retMsg.errorCode == -1)
        #expect(retMsg.errorMessage == failure.message)
        #expect(retMsg.requestId == result.functionRequestId)
        #expect(result.errMsg.hasSuffix(failure.detail), "\(result.errMsg)")
        #expect(result.invokeResult != 0)
        #expect(result.failed)
        let hasTrace = [430, 443].contains(failure.statusCode) && failure.python != nil
        #expect((retMsg.stackTrace != nil) == hasTrace)
    }

    @Test("RetMsg of an exception, field by field, in the cloud's order")
    func exceptionDocument() async throws {
        let folder = try functions.add("f", python: Self.handler("raise ValueError('\"quoted\" / 你好')"))
        let file = try #require(realpath(folder.appending(path: "index.py").path))
        let result = try await functions.run("f")
        let trace = #"""
            Traceback (most recent call last):\n  File \"\#(file)\", line 2, in main_handler\n    raise ValueError('\"quoted\" / 你好')\nValueError: \"quoted\" / 你好\n
            """#
        let expected =
            #"{"errorCode":-1,"errorMessage":"user code exception caught","requestId":"\#(result.functionRequestId)","#
            + #""stackTrace":"\#(trace)","statusCode":430}"#
        #expect(result.retMsg == expected)
    }

    private func realpath(_ path: String) -> String? {
        guard let buffer = Foundation.realpath(path, nil) else { return nil }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    @Test(
        "a program that is not installed is told, and hurts no other function",
        arguments: [("python", "Python3 needs python3"), ("node", "Nodejs needs node")])
    func notInstalled(runtime: String, message: String) async throws {
        try functions.add(
            "f", python: runtime == "python" ? "" : nil, node: runtime == "node" ? "" : nil,
            settings: "environment: {PATH: /no/such/folder}")
        try functions.add("g", python: Self.handler("return 1"))
        let invoker = try functions.invoker()
        let error = await #expect(throws: CloudError.self) { try await invoker.run("f") }
        #expect(error?.code == "FailedOperation.InvokeFunction")
        #expect(error?.message.contains("\(message), which is not installed in /no/such/folder") == true)
        #expect(try await invoker.run("g").retMsg == "1")
    }

    @Test("an event that Python cannot read is refused as no JSON")
    func unreadableEvent() async throws {
        try functions.add("f", python: Self.handler("return 1"))
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(try FailedRetMsg(try await functions.run("f", event: deep)).statusCode == 400)
    }
}
