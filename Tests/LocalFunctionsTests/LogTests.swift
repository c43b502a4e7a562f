// SPDX-License-Identifier: Apache-2.0

import Invocation
import LocalFunctions
import Testing

/// The log of a run.
@Suite struct LogTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    private func expectedLog(of result: InvokeResult, _ lines: String, memory: Int = 128) -> String {
        let id = result.functionRequestId
        let duration = Int(result.duration.rounded())
        return """
            START RequestId: \(id)
            Event RequestId: \(id)
            \(lines) \nEND RequestId: \(id)
            Report RequestId: \(id) Duration:\(duration)ms Memory:\(memory)MB MemUsage:
            """
    }

    @Test("standard output and standard error stand in the order they were written")
    func order() async throws {
        let python = """
            import logging, os, subprocess, sys
            print("loaded")
            def main_handler(event, context):
                print("one")
                print("two", file=sys.stderr)
                os.write(1, b"three\\n")
                subprocess.run(["echo", "four"])
                logging.warning("five")
                print("你好 🚀", end="")
            """
        try functions.add("f", python: python)
        let result = try await functions.run("f", log: true)
        let lines = "loaded\none\ntwo\nthree\nfour\nWARNING:root:five\n你好 🚀\n"
        #expect(result.log.hasPrefix(expectedLog(of: result, lines)), "\(result.log)")
        #expect(result.log.hasSuffix("MB\n"))
        let figure = try #require(result.log.split(separator: "MemUsage:").last?.dropLast(3))
        #expect(abs((Double(figure) ?? 0) * 1_048_576 - Double(result.memUsage)) < 2)
    }

    @Test("a bootstrap's standard error is its log")
    func bootstrapLog() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\necho result; echo log >&2\n", settings: "memory: 64")
        let result = try await functions.run("f", log: true)
        #expect(result.retMsg == "result\n")
        #expect(result.log.hasPrefix(expectedLog(of: result, "log\n", memory: 64)), "\(result.log)")
    }

    @Test("a failure stands in the log")
    func failure() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nexit 1\n")
        let result = try await functions.run("f", log: true)
        let line = "ERROR RequestId:\(result.functionRequestId) Result:\(result.retMsg)\n"
        #expect(result.log.hasPrefix(expectedLog(of: result, line)), "\(result.log)")
    }

    @Test("what was printed before the time was up is in the log")
    func logOfTimeout() async throws {
        let python = "import time\ndef main_handler(event, context):\n    print('begin')\n    time.sleep(60)\n"
        try functions.add("f", python: python, settings: "timeout: 3")
        let result = try await functions.run("f", log: true)
        #expect(result.log.contains("begin\nERROR RequestId:"))
    }

    @Test("of a long log the last 4 KB remain", arguments: ["x", "你", "🚀"])
    func tail(character: String) async throws {
        let python = """
            def main_handler(event, context):
                for n in range(150000):
                    print(n, event["c"] * 20)
                return "done"
            """
        try functions.add("f", python: python)
        let result = try await functions.run("f", event: #"{"c":"\#(character)"}"#, log: true)
        #expect(result.retMsg == "done")
        #expect((4093...4096).contains(result.log.utf8.count))
        #expect(!result.log.contains("\u{FFFD}"))
        #expect(result.log.contains("149999 " + String(repeating: character, count: 20) + "\n \nEND RequestId: "))
    }

    @Test("a log that is not UTF-8 becomes text all the same")
    func notText() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nprintf 'a\\377b\\n' >&2\n")
        #expect(try await functions.run("f", log: true).log.contains("a\u{FFFD}b\n"))
    }

    @Test("without LogType Tail there is no log")
    func none() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\necho log >&2\n")
        #expect(try await functions.run("f").log == "")
    }
}
