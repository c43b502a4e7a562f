// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Testing

/// Processes of a function that left its session and its process group, have another parent and no environment: limits
/// and ends are theirs too.
@Suite struct DetachedProcessTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    /// `detach(file, code)` starts a daemon that writes its process id into the file, and then runs the code.
    private static let detach = """
        import os, sys, time
        def detach(file, code="import time; time.sleep(600)"):
            middle = os.fork()
            if middle == 0:
                os.setsid()
                if os.fork() == 0:
                    nothing = os.open(os.devnull, os.O_RDWR)
                    for descriptor in 0, 1, 2: os.dup2(nothing, descriptor)
                    os.chdir("/")
                    note = f"import os; open('{file}.new', 'w').write(str(os.getpid())); os.rename('{file}.new', '{file}')"
                    os.execve(sys.executable, [sys.executable, "-I", "-c", f"{note}\\n{code}"], {})
                os._exit(0)
            os.waitpid(middle, 0)
            while not os.path.exists(file): time.sleep(0.001)
        """
    private static let python = """
        \(detach)
        def main_handler(event, context):
            detach(event["file"], event.get("code", "import time; time.sleep(600)"))
            exec(event.get("then", ""))
            return os.getpid()
        """
    /// A bootstrap; it does the same as the function above.
    private static let bootstrap = """
        #!/usr/bin/env python3
        \(detach)
        import json
        event = json.load(sys.stdin)
        detach(event["file"], event.get("code", "import time; time.sleep(600)"))
        exec(event.get("then", ""))
        print(os.getpid())
        """

    private func add(_ kind: String, settings: String = "timeout: 60") throws {
        try functions.add(
            "f", python: kind == "python" ? Self.python : nil, bootstrap: kind == "bootstrap" ? Self.bootstrap : nil,
            settings: settings)
    }

    private func file(_ name: String = "daemon") -> URL { functions.root.appending(path: name) }

    private func event(_ name: String = "daemon", code: String? = nil, then: String? = nil) throws -> [UInt8] {
        var event = ["file": file(name).path]
        event["code"] = code
        event["then"] = then
        return Array(try JSONEncoder().encode(event))
    }

    private func daemon(_ name: String = "daemon") throws -> Int { try #require(try processId(in: file(name))) }

    @Test("their memory counts", arguments: ["python", "bootstrap"])
    func memory(kind: String) async throws {
        try add(kind, settings: "memory: 64\ntimeout: 60")
        let hungry = "import time; x = b'x' * (300 << 20); time.sleep(600)"
        let result = try await functions.invoker().run(
            "f", event: try event(code: hungry, then: "time.sleep(600)"))
        #expect(try FailedRetMsg(result).statusCode == 434)
        #expect(try !isRunning(daemon()))
    }

    @Test("they end when the time is up", arguments: ["python", "bootstrap"])
    func time(kind: String) async throws {
        try add(kind, settings: "timeout: 10")
        let result = try await functions.invoker().run("f", event: try event(then: "time.sleep(600)"))
        #expect(try FailedRetMsg(result).statusCode == 433)
        #expect(try !isRunning(daemon()))
    }

    @Test("they end with a process that ends by itself", arguments: ["python", "bootstrap"])
    func end(kind: String) async throws {
        try add(kind)
        let result = try await functions.invoker().run("f", event: try event(then: "os._exit(3)"))
        #expect(try FailedRetMsg(result).statusCode == 439)
        #expect(try !isRunning(daemon()))
    }

    @Test("they end with a bootstrap that has done its work")
    func done() async throws {
        try add("bootstrap")
        let result = try await functions.invoker().run("f", event: try event())
        #expect(result.errMsg == "")
        #expect(try !isRunning(daemon()))
    }

    @Test("they stay as long as the process that waits for events, stand still with it, and end with it")
    func warm() async throws {
        try add("python")
        let invoker = try functions.invoker()
        _ = try await invoker.run("f", event: try event(code: "while True: pass"))
        let process = try daemon()
        #expect(try await eventually { isStopped(process) })
        _ = try await invoker.run("f", event: try event("other"))
        #expect(isRunning(process))
        await invoker.drain(within: .zero)
        #expect(try !isRunning(process) && !isRunning(daemon("other")))
    }

    @Test("those of another instance are left alone")
    func attribution() async throws {
        try add("python")
        let invoker = try functions.invoker()
        // Both at once, so that each has a process of its own.
        func wait(_ own: String, _ other: String) -> String {
            "open('\(own)', 'w')\nwhile not os.path.exists('\(other)'): time.sleep(0.001)"
        }
        let (here, there) = (file("here").path, file("there").path)
        let failing = try event("one", then: "\(wait(here, there))\nos._exit(1)")
        let staying = try event("two", then: wait(there, here))
        async let failed = invoker.run("f", event: failing)
        async let succeeded = invoker.run("f", event: staying)
        #expect(try await failed.failed)
        #expect(try await !succeeded.failed)
        #expect(try !isRunning(daemon("one")))
        #expect(try isRunning(daemon("two")))
        await invoker.drain(within: .zero)
        #expect(try !isRunning(daemon("two")))
    }

    @Test("a function that kills its parent ends too")
    func killsParent() async throws {
        let folder = try functions.add("f", bootstrap: "#!/bin/sh\necho $$ > process\nkill -9 $PPID\nexec sleep 600\n")
        #expect(try FailedRetMsg(try await functions.run("f")).statusCode == 439)
        let process = try #require(try processId(in: folder.appending(path: "process")))
        #expect(try await eventually { !isRunning(process) })
    }

    @Test("a function that floods the machine with processes is ended with all of them")
    func flood() async throws {
        // Its end is in sight, should nobody end it.
        let script = """
            #!/bin/sh
            cd ..
            flood() { for number in $(seq 300); do sleep 30 & sleep 0.01; done; }
            flood & flood & flood & sleep 600

            """
        try functions.add("f", bootstrap: script, settings: "timeout: 2\nmemory: 3072")
        #expect(try FailedRetMsg(try await functions.run("f")).statusCode == 433)
        let folder = functions.root.appending(path: "default").path
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
        let left = names.filter { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(name)/cwd")) == folder
        }
        #expect(left.isEmpty)
    }
}
