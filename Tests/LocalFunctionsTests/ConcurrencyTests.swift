// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Invocation
import LocalFunctions
import Synchronization
import TencentCloud
import Testing

/// Many calls at once, calls that are given up, and calls that nobody waits for.
@Suite struct ConcurrencyTests {
    let functions: TemporaryFunctions

    init() throws {
        functions = try TemporaryFunctions()
    }

    private func request(_ name: String, _ type: InvokeRequest.InvocationType, event: String = "{}") -> InvokeRequest {
        InvokeRequest(functionName: name, invocationType: type, event: Array(event.utf8))
    }

    @Test("64 echoes of 100 KB at once do not mix")
    func manyEchoes() async throws {
        try functions.add("echo", bootstrap: "#!/bin/sh\nexec cat\n")
        let invoker = try functions.invoker()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                let event = Array("\"\(number)\(String(repeating: "x", count: 100 << 10))\"".utf8)
                group.addTask { Array(try await invoker.run("echo", event: event).retMsg.utf8) == event }
            }
            for try await same in group { #expect(same) }
        }
    }

    @Test("no more processes than allowed run at a time")
    func bounded() async throws {
        // Each looks how many run beside it.
        let script = "#!/bin/sh\ntouch running-$$\nls | grep -c running-\nsleep 0.05\nrm running-$$\n"
        try functions.add("f", bootstrap: script)
        var limits = LocalInvoker.Limits()
        limits.concurrentRuns = 3
        let invoker = try functions.invoker(limits: limits)
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let text = try await invoker.run("f").retMsg
                    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
                }
            }
            for try await count in group { #expect((1...3).contains(try #require(count))) }
        }
    }

    @Test("a call that is given up kills the function and all that it started")
    func cancelled() async throws {
        let folder = try functions.add("f", bootstrap: "#!/bin/sh\necho $$ > self\nsleep 600 & echo $! > child\nwait\n")
        let invoker = try functions.invoker()
        let call = Task { try await invoker.run("f") }
        #expect(try await eventually { try processId(in: folder.appending(path: "child")) != nil })
        let (process, child) = (
            try #require(try processId(in: folder.appending(path: "self"))),
            try #require(try processId(in: folder.appending(path: "child")))
        )
        #expect(isRunning(process) && isRunning(child))
        call.cancel()
        let outcome = await call.result
        #expect(throws: CloudError.self) { try outcome.get() }
        #expect(try await eventually { !isRunning(process) && !isRunning(child) })
    }

    @Test("a call that is given up while it waits in line never starts, and the next one has its turn")
    func cancelledInLine() async throws {
        let folder = try functions.add(
            "first", bootstrap: "#!/bin/sh\n: > started\nwhile ! [ -e go ]; do sleep 0.01; done\n")
        let second = try functions.add("second", bootstrap: "#!/bin/sh\n: > started\n")
        try functions.add("third", bootstrap: "#!/bin/sh\nprintf third\n")
        var limits = LocalInvoker.Limits()
        limits.concurrentRuns = 1
        let invoker = try functions.invoker(limits: limits)
        let first = Task { try await invoker.run("first") }
        #expect(try await eventually { FileManager.default.fileExists(atPath: folder.appending(path: "started").path) })
        let waiting = Task { try await invoker.run("second") }
        waiting.cancel()
        let outcome = await waiting.result
        #expect(throws: CloudError.self) { try outcome.get() }
        let last = Task { try await invoker.run("third") }
        try Data().write(to: folder.appending(path: "go"))
        _ = try await first.value
        #expect(try await last.value.retMsg == "third")
        #expect(!FileManager.default.fileExists(atPath: second.appending(path: "started").path))
    }

    @Test("an Event call returns at once, and the function runs on")
    func event() async throws {
        let folder = try functions.add(
            "f", bootstrap: "#!/bin/sh\nwhile ! [ -e go ]; do sleep 0.01; done\ncat > ran\necho result; echo log >&2\n")
        let ended = Mutex<[InvokeResult]>([])
        let invoker = LocalInvoker(
            functions: try functions.folder,
            onEventEnd: { report in
                if let result = try? report.outcome.get() { ended.withLock { $0.append(result) } }
            })
        let answer = try await invoker.invoke(request("f", .event, event: #"{"a":1}"#), requestId: "id")
        #expect(answer.result == InvokeResult(functionRequestId: answer.result.functionRequestId))
        #expect(UUID(uuidString: answer.result.functionRequestId) != nil)
        try Data().write(to: folder.appending(path: "go"))
        await invoker.drain(within: .seconds(60))
        #expect(try String(contentsOf: folder.appending(path: "ran"), encoding: .utf8) == #"{"a":1}"#)
        let results = ended.withLock { $0 }
        #expect(results.map(\.functionRequestId) == [answer.result.functionRequestId])
        #expect(results.first?.retMsg == "result\n")
        #expect(results.first?.log.contains("log\n") == true)
    }

    @Test("an Event call of a function that is not there is refused at once")
    func eventNotFound() async throws {
        let invoker = try functions.invoker()
        let error = await #expect(throws: CloudError.self) {
            try await invoker.invoke(request("nothing", .event), requestId: "id")
        }
        #expect(error?.code == "ResourceNotFound.FunctionName")
    }

    @Test("an Event run that takes too long is told apart from others")
    func eventTimeout() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nsleep 600\n", settings: "timeout: 1\nretries: 0")
        let message = Mutex("")
        let invoker = LocalInvoker(
            functions: try functions.folder,
            onEventEnd: { report in message.withLock { $0 = (try? report.outcome.get())?.errMsg ?? "" } })
        _ = try await invoker.invoke(request("f", .event), requestId: "id")
        await invoker.drain(within: .seconds(60))
        #expect(message.withLock { $0 } == "Async invoking task timed out after 1 seconds")
    }

    @Test("too many Event runs are refused, and draining kills what takes too long")
    func eventLimit() async throws {
        let folder = try functions.add("f", bootstrap: "#!/bin/sh\nsleep 600 & echo $! >> children\nwait\n")
        var limits = LocalInvoker.Limits()
        limits.eventQueue = 2
        let invoker = try functions.invoker(limits: limits)
        for _ in 0..<2 { _ = try await invoker.invoke(request("f", .event), requestId: "id") }
        let refused = await #expect(throws: CloudError.self) {
            try await invoker.invoke(request("f", .event), requestId: "id")
        }
        #expect(refused?.code == "RequestLimitExceeded")
        #expect(refused?.retryAfterSeconds == 1)
        let file = folder.appending(path: "children")
        let children = {
            ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").compactMap { Int($0) }
        }
        #expect(try await eventually { children().count == 2 })
        await invoker.drain(within: .zero)
        #expect(try await eventually { children().allSatisfy { !isRunning($0) } })
        let late = await #expect(throws: CloudError.self) {
            try await invoker.invoke(request("f", .event), requestId: "id")
        }
        #expect(late?.code == "ServiceUnavailable")
    }

    @Test("the caller's thread serves others while a function runs")
    func callersThread() async throws {
        let folder = try functions.add(
            "f", bootstrap: "#!/bin/sh\nwhile ! [ -e go ]; do sleep 0.01; done\nprintf done\n")
        let invoker = try functions.invoker()
        let connection = OneThread()
        let call = Task(executorPreference: connection) { try await invoker.run("f") }
        // The function goes on when another job has run on the same thread.
        try await Task(executorPreference: connection) { try Data().write(to: folder.appending(path: "go")) }.value
        #expect(try await call.value.retMsg == "done")
        // The call's beginning and end, and the other job: the work between them was done elsewhere.
        #expect(connection.jobs <= 4)
    }
}

/// One thread that runs one job at a time, as a connection's own does, and counts them.
final class OneThread: TaskExecutor {
    private let queue = DispatchQueue(label: "connection")
    private let count = Mutex(0)

    var jobs: Int { count.withLock { $0 } }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        count.withLock { $0 += 1 }
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
