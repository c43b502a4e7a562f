// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Testing

/// Time, memory, output: each limit holds, and nothing of a function outlives it.
@Suite struct LimitTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    @Test(
        "a function that takes too long is killed with all that it started",
        arguments: [
            "sleep 600 & echo $! > child; wait",
            "sleep 600 & echo $! > child; exec 1>&- 2>&-; wait",
            "trap '' TERM INT HUP; sleep 600 & echo $! > child; while :; do :; done",
            "setsid sh -c 'echo $$ > child; exec sleep 600' & wait",
            "(setsid sh -c 'echo $$ > child; exec sleep 600' &); sleep 600",
            "sleep 600 & echo $! > child; kill -STOP $$",
        ])
    func timeout(script: String) async throws {
        let folder = try functions.add("f", bootstrap: "#!/bin/sh\n\(script)\n", settings: "timeout: 2")
        let result = try await functions.run("f")
        let retMsg = try FailedRetMsg(result)
        #expect(retMsg.statusCode == 433)
        #expect(retMsg.errorMessage == "Invoking task timed out after 2 seconds")
        #expect(retMsg.stackTrace == nil)
        #expect(result.errMsg == "Invoking task timed out after 2 seconds")
        #expect(result.duration >= 2000)
        let child = try #require(try processId(in: folder.appending(path: "child")))
        #expect(try await eventually { !isRunning(child) })
    }

    @Test("a Python function that takes too long is killed")
    func pythonTimeout() async throws {
        let python = """
            import time
            def main_handler(event, context):
                while True:
                    try:
                        time.sleep(600)
                    except BaseException:
                        pass
            """
        try functions.add("f", python: python, settings: "timeout: 1")
        #expect(try FailedRetMsg(try await functions.run("f")).statusCode == 433)
    }

    @Test(
        "what a function leaves behind is killed when it ends",
        arguments: [
            "sleep 600 & echo $! > child; echo done",
            "sleep 600 >/dev/null 2>&1 </dev/null & echo $! > child; echo done",
            "setsid sh -c 'echo $$ > child; exec sleep 600' & while ! [ -s child ]; do :; done; echo done",
            "setsid sh -c 'echo $$ > child; yes >&2' & while ! [ -s child ]; do :; done; echo done",
        ])
    func leftBehind(script: String) async throws {
        let folder = try functions.add("f", bootstrap: "#!/bin/sh\n\(script)\n")
        let result = try await functions.run("f")
        #expect(result.errMsg == "")
        #expect(result.retMsg.contains("done"))
        let child = try #require(try processId(in: folder.appending(path: "child")))
        #expect(try await eventually { !isRunning(child) })
    }

    @Test(
        "a Python function that takes too much memory",
        arguments: [
            "b'x' * (300 << 20)",  // all at once
            "b'x' * (4 << 30)",  // more than the address space
            "[bytes([n % 256]) * (1 << 20) for n in range(100000)]",  // bit by bit
            "__import__('subprocess').run(['python3', '-c', 'import time; x = b\"x\" * (300 << 20); time.sleep(60)'])",
        ])
    func pythonMemory(expression: String) async throws {
        let python = "def main_handler(event, context):\n    x = \(expression)\n    return len(x)\n"
        try functions.add("f", python: python, settings: "memory: 64\ntimeout: 60")
        let result = try await functions.run("f")
        let retMsg = try FailedRetMsg(result)
        #expect(retMsg.statusCode == 434)
        #expect(result.errMsg == "Memory limit reached")
    }

    @Test("a bootstrap that takes too much memory is killed")
    func bootstrapMemory() async throws {
        let script = "#!/bin/sh\nexec python3 -c 'import time; x = b\"x\" * (300 << 20); time.sleep(60)'\n"
        try functions.add("f", bootstrap: script, settings: "memory: 64\ntimeout: 60")
        let result = try await functions.run("f")
        #expect(try FailedRetMsg(result).statusCode == 434)
        #expect(result.memUsage > 64 << 20)
    }

    @Test("a bootstrap that takes too much memory for an instant is told so")
    func bootstrapBurst() async throws {
        // Pages that are touched and given back before anybody had a look.
        let script = "#!/usr/bin/env python3\nx = b'x' * (80 << 20)\ndel x\nprint('done')\n"
        try functions.add("f", bootstrap: script, settings: "memory: 64\ntimeout: 60")
        for _ in 0..<5 {
            let result = try await functions.run("f")
            #expect(try FailedRetMsg(result).statusCode == 434)
            #expect(result.memUsage > 64 << 20)
        }
    }

    @Test("memory that processes share counts once")
    func sharedMemory() async throws {
        let python = """
            import os, time
            def main_handler(event, context):
                x = b"x" * (90 << 20)
                if os.fork() == 0:
                    time.sleep(1)
                    os._exit(0)
                os.wait()
                return "done"
            """
        try functions.add("f", python: python, settings: "memory: 128\ntimeout: 60")
        let result = try await functions.run("f")
        #expect(result.retMsg == "done")
    }

    @Test("memory that processes share counts once while they come and go")
    func sharedMemoryOfManyForks() async throws {
        let python = """
            import mmap, os
            def main_handler(event, context):
                # Small pages: looking through them takes long enough for a process to end meanwhile.
                x = mmap.mmap(-1, 90 << 20, flags=mmap.MAP_PRIVATE)
                x.madvise(mmap.MADV_NOHUGEPAGE)
                for _ in range(90):
                    x.write(b"x" * (1 << 20))
                for _ in range(1000):
                    if os.fork() == 0:
                        os._exit(0)
                    os.wait()
                return "done"
            """
        try functions.add("f", python: python, settings: "memory: 128\ntimeout: 60")
        let result = try await functions.run("f")
        #expect(result.retMsg == "done")
    }

    @Test("a result may have its limit and no byte more", arguments: ["python", "bootstrap"])
    func resultLimit(kind: String) async throws {
        let python = "def main_handler(event, context):\n    return 'x' * event\n"
        try functions.add("python", python: python)
        try functions.add("bootstrap", bootstrap: "#!/bin/sh\nhead -c $(cat) /dev/zero\n")
        let limit = LocalInvoker.Limits().resultBytes
        #expect(limit == 6_291_456)
        let invoker = try functions.invoker()
        #expect(try await invoker.run(kind, event: Array("\(limit)".utf8)).retMsg.utf8.count == limit)
        for size in [limit + 1, 10 << 20] {
            let result = try await invoker.run(kind, event: Array("\(size)".utf8))
            #expect(try FailedRetMsg(result).statusCode == 407)
        }
    }

    @Test("a bootstrap that writes without end is stopped")
    func endlessOutput() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nexec yes\n")
        let result = try await functions.run("f")
        #expect(try FailedRetMsg(result).statusCode == 407)
    }
}
