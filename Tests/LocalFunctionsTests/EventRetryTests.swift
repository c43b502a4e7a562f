// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import LocalFunctions
import Synchronization
import TencentCloud
import Testing

/// Event runs that fail are run again.
@Suite struct EventRetryTests {
    let functions: TemporaryFunctions
    let clock = ManualClock()
    let reports = Reports()

    /// What was reported, in order.
    final class Reports: Sendable {
        private let list = Mutex<[EventRunReport]>([])

        var all: [EventRunReport] { list.withLock { $0 } }
        func add(_ report: EventRunReport) { list.withLock { $0.append(report) } }
    }

    init() throws {
        functions = try TemporaryFunctions()
    }

    private func invoker() throws -> LocalInvoker {
        LocalInvoker(functions: try functions.folder, clock: clock, onEventEnd: { [reports] in reports.add($0) })
    }

    private func call(_ invoker: LocalInvoker) async throws -> String {
        let request = InvokeRequest(functionName: "f", invocationType: .event, event: Array(#"{"a":1}"#.utf8))
        return try await invoker.invoke(request, requestId: "id").result.functionRequestId
    }

    /// Waits for a run to end, and lets the pause after it pass.
    private func passPause(after runs: Int) async throws {
        #expect(try await eventually { reports.all.count == runs && clock.waits.contains(.seconds(1)) })
        clock.advance(by: .seconds(1))
    }

    @Test(
        "a function that fails is run again as often as its settings say, under one id",
        arguments: [("", 2), ("retries: 2", 2), ("retries: 1", 1), ("retries: 0", 0)])
    func retries(settings: String, retries: Int) async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nexit 1\n", settings: "timeout: 60\n\(settings)")
        let invoker = try invoker()
        let id = try await call(invoker)
        for run in 0..<retries { try await passPause(after: run + 1) }
        await invoker.drain(within: .seconds(60))
        #expect(reports.all.map(\.retryNum) == Array(0...retries))
        #expect(reports.all.map(\.willRetry) == Array(repeating: true, count: retries) + [false])
        #expect(reports.all.allSatisfy { $0.functionRequestId == id && $0.functionName == "f" })
        for report in reports.all {
            let result = try report.outcome.get()
            #expect(try FailedRetMsg(result).statusCode == 439)
            #expect(result.log.contains("START RequestId: \(id)\n"))
        }
    }

    @Test("a function that is mended meanwhile succeeds, and is not run again")
    func mended() async throws {
        func code(_ body: String) -> String { "def main_handler(event, context):\n    \(body)\n" }
        let folder = try functions.add("f", python: code("raise ValueError"))
        let invoker = try invoker()
        _ = try await call(invoker)
        #expect(try await eventually { reports.all.count == 1 })
        try Data(code("return event['a']").utf8).write(to: folder.appending(path: "index.py"))
        try await passPause(after: 1)
        await invoker.drain(within: .seconds(60))
        #expect(reports.all.map(\.willRetry) == [true, false])
        #expect(try reports.all.last?.outcome.get().retMsg == "1")
    }

    @Test("a call that waits to be run again is dropped when the program ends, and that is told")
    func dropped() async throws {
        try functions.add("f", bootstrap: "#!/bin/sh\nexit 1\n")
        let invoker = try invoker()
        let id = try await call(invoker)
        #expect(try await eventually { clock.waits.contains(.seconds(1)) })
        await invoker.drain(within: .zero)
        let last = try #require(reports.all.last)
        #expect(reports.all.count == 2 && last.functionRequestId == id && last.retryNum == 1 && !last.willRetry)
        #expect(throws: CloudError.self) { try last.outcome.get() }
    }
}
