// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Testing

/// What a function returns, and what becomes of it.
@Suite struct ResultTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    @Test(
        "a Python result",
        arguments: [
            ("'hello from scf'", "hello from scf"),
            ("''", ""),
            ("{'test': 'value'}", #"{"test": "value"}"#),
            ("['你好', '🚀']", #"["你好", "🚀"]"#),
            ("None", "null"),
            ("True", "true"),
            ("1.5", "1.5"),
            ("event", #"{"a": [1, null]}"#),
            (#"['\ud83d']"#, #"["\ud83d"]"#),
            (#"'\ud83d'"#, "?"),
            ("'x' * 3 + chr(0)", "xxx\0"),
        ])
    func pythonResult(expression: String, expected: String) async throws {
        try functions.add("f", python: "def main_handler(event, context):\n    return \(expression)\n")
        let result = try await functions.run("f", event: #"{"a":[1,null]}"#)
        #expect(result.retMsg == expected)
        #expect(result.errMsg == "")
        #expect(result.invokeResult == 0)
    }

    @Test("a bootstrap's result is its standard output, byte for byte")
    func bootstrapResult() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nprintf ' a\\n\\n'\n")
        #expect(try await functions.run("f").retMsg == " a\n\n")
    }

    @Test("the handler may be named in function.yaml", arguments: ["app.run", "lib/app.run"])
    func namedHandler(handler: String) async throws {
        let folder = try functions.add("f", python: "", settings: "handler: \(handler)\ntimeout: 60")
        let file = folder.appending(path: handler.replacing(".run", with: ".py"))
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("def run(event, context):\n    return 'from app'\n".utf8).write(to: file)
        #expect(try await functions.run("f").retMsg == "from app")
    }

    @Test("without ClientContext the event is {}")
    func noEvent() async throws {
        try functions.add("python", python: "def main_handler(event, context):\n    return repr(event)\n")
        try functions.add("bootstrap", bootstrap: "#!/bin/sh\nexec cat\n")
        let invoker = try functions.invoker()
        #expect(try await invoker.run("python", event: nil).retMsg == "{}")
        #expect(try await invoker.run("bootstrap", event: nil).retMsg == "{}")
    }

    @Test("1 MB and more goes through", arguments: ["python", "bootstrap"])
    func largeEvent(kind: String) async throws {
        try functions.add("python", python: "def main_handler(event, context):\n    return event['text']\n")
        try functions.add("bootstrap", bootstrap: "#!/bin/sh\nexec cat\n")
        let text = String(repeating: "0123456789abcdef", count: 96 << 10)
        let event = #"{"text":"\#(text)"}"#
        let result = try await functions.run(kind, event: event)
        // Not `==` inside #expect: a failure would print a megabyte.
        let isSame = result.retMsg == (kind == "python" ? text : event)
        #expect(isSame)
    }

    @Test("an event that is never read is no error", arguments: ["exit 0", "exec 0<&-; exit 0"])
    func unreadEvent(script: String) async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\n\(script)\n")
        let event = "\"" + String(repeating: "x", count: 1 << 20) + "\""
        let result = try await functions.run("f", event: event)
        #expect(result.errMsg == "")
        #expect(result.retMsg == "")
    }

    @Test("a function that writes while its event is still unread does not get stuck")
    func writesBeforeReading() async throws {
        try functions.add(
            "f", bootstrap: "#!/bin/sh\nhead -c 1000000 /dev/zero >&2\nhead -c 1000000 /dev/zero\nwc -c\n")
        let event = "\"" + String(repeating: "x", count: 2 << 20) + "\""
        let result = try await functions.run("f", event: event)
        #expect(result.retMsg.utf8.count > 1_000_000)
        #expect(result.retMsg.hasSuffix("\(event.utf8.count)\n"))
    }

    @Test("what a Python function prints cannot get into its result")
    func printedIsNotReturned() async throws {
        let python = """
            import os, subprocess, sys
            def main_handler(event, context):
                print("0 0 3")
                print("bad", flush=True)
                os.write(1, b"0 0 3\\nbad")
                subprocess.run(["sh", "-c", "echo 0 0 3; echo bad; echo bad >&3; echo bad >&4"])
                return "good"
            """
        try functions.add("f", python: python)
        #expect(try await functions.run("f").retMsg == "good")
    }

    @Test("a copy of the process that returns from the handler as well does not answer")
    func forkedHandler() async throws {
        try functions.add(
            "f", python: "import os\ndef main_handler(event, context):\n    os.fork()\n    return 'once'\n")
        #expect(try await functions.run("f").retMsg == "once")
    }

    @Test("threads left behind do not hold the result up")
    func leftBehindThread() async throws {
        let python = """
            import threading, time
            def main_handler(event, context):
                threading.Thread(target=time.sleep, args=(50,)).start()
                return "done"
            """
        try functions.add("f", python: python)
        let result = try await functions.run("f")
        #expect(result.retMsg == "done")
    }

    @Test("figures are measured")
    func figures() async throws {
        let python = """
            def main_handler(event, context):
                return len(bytearray(b"x" * (40 << 20)))
            """
        try functions.add("f", python: python, settings: "timeout: 60\nmemory: 256")
        let start = ContinuousClock.now
        let result = try await functions.run("f")
        let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
        #expect(result.duration > 1)
        #expect(result.duration < elapsed)
        #expect(result.billDuration % 100 == 0)
        #expect(Double(result.billDuration) >= result.duration)
        #expect(Double(result.billDuration) < result.duration + 100)
        #expect((40 << 20)..<(256 << 20) ~= result.memUsage)
        #expect(UUID(uuidString: result.functionRequestId) != nil)
        #expect(result.log == "")
    }

    @Test("a bootstrap's memory is its own and not that of the program that started it")
    func ownMemory() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nexec cat\n")
        let memory = try await functions.run("f").memUsage
        #expect((100 << 10)..<(8 << 20) ~= memory)
    }

    @Test("the envelope holds what the result holds")
    func envelope() async throws {
        try functions.add("f", python: "def main_handler(event, context):\n    return '\"/\\\\\\n你好'\n")
        let request = InvokeRequest(functionName: "f", logType: .tail)
        let answer = try await functions.invoker().invoke(request, requestId: "an-id")
        let document = try JSONSerialization.jsonObject(with: Data(answer.envelope)) as? [String: [String: Any]]
        let response = try #require(document?["Response"])
        let result = try #require(response["Result"] as? [String: Any])
        #expect(answer.requestId == "an-id")
        #expect(response["RequestId"] as? String == "an-id")
        #expect(result["RetMsg"] as? String == "\"/\\\n你好")
        #expect(result["Log"] as? String == answer.result.log)
        #expect(result["ErrMsg"] as? String == "")
        #expect(result["InvokeResult"] as? Int == 0)
        #expect(result["Duration"] as? Double == answer.result.duration)
        #expect(result["BillDuration"] as? Int == answer.result.billDuration)
        #expect(result["MemUsage"] as? Int == answer.result.memUsage)
        #expect(result["FunctionRequestId"] as? String == answer.result.functionRequestId)
    }
}
