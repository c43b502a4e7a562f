// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import FastCGI
import HTTPTypes
import Invocation
import Logging
import Synchronization
import TencentCloud
import Testing

@testable import Relay

/// What doors tell is kept, calls never wait for that, and what is lacking is counted.
@Suite struct CallHistoryTests {
    private static func record(_ id: Int = 1, event: String = "{}") throws -> CallRecord {
        let parameters = Parameters([(name: "REQUEST_URI", value: "/invoke"), ("REMOTE_ADDR", "192.0.2.7")])
        var record = CallRecord(HTTPCall(Request(parameters: parameters)), door: "invoke")
        record.describe(
            try InvokeRequest(parameters: [("FunctionName", "hello"), ("ClientContext", event)], limits: Limits()))
        record.succeeded(FakeInvoker.hello)
        record.end(bytesOut: 7)
        return record
    }

    private static func history(
        _ store: TroubledStore, bounds: HistoryBuffer.Bounds = HistoryBuffer.Bounds(), keepsPayloads: Bool = true
    ) -> CallHistory {
        var surroundings = CallHistory.Surroundings()
        surroundings.gathering = .zero
        surroundings.pause = .zero
        return CallHistory(
            store: store, keepsPayloads: keepsPayloads, logger: Logger(label: "test"), bounds: bounds,
            surroundings: surroundings)
    }

    @Test func whatDoesNotFitIsDroppedAndCountedAndNobodyWaits() async throws {
        let store = TroubledStore()
        store.behave(.waits)
        var bounds = HistoryBuffer.Bounds()
        bounds.calls = 10
        let history = Self.history(store, bounds: bounds)
        let writing = Task { await history.run() }
        history.callEnded(try Self.record())
        await eventually("the writer waits for the store") { store.isWaiting }
        // It has taken one; ten more fit.
        for number in 0..<25 { history.callEnded(try Self.record(number)) }
        store.behave(.works)
        await history.flushed()
        #expect(store.added.count == 11)
        #expect(store.missing.map(\.calls) == [15])
        history.stop()
        await writing.value
    }

    @Test func payloadsThatWaitAreBoundedInBytes() async throws {
        let store = TroubledStore()
        store.behave(.waits)
        var bounds = HistoryBuffer.Bounds()
        bounds.bytes = 100
        let history = Self.history(store, bounds: bounds)
        let writing = Task { await history.run() }
        for _ in 0..<10 { history.callEnded(try Self.record(event: #"{"a":"\#(String(repeating: "x", count: 40))"}"#)) }
        store.behave(.works)
        await history.flushed()
        #expect(store.added.count + (store.missing.first?.calls ?? 0) == 10)
        #expect(store.added.count < 10)
        history.stop()
        await writing.value
    }

    @Test func aStoreThatFailsIsTriedAgainAndLosesNothingThatFits() async throws {
        let store = TroubledStore()
        store.behave(.fails)
        let history = Self.history(store)
        let writing = Task { await history.run() }
        for number in 0..<5 { history.callEnded(try Self.record(number)) }
        await eventually("the failure is noticed") { history.currentTrouble != nil }
        #expect(history.currentTrouble?.reason.contains("the disk is full") == true)
        store.behave(.works)
        await eventually("all is written") { store.added.count == 5 }
        await eventually("and said to be") { history.currentTrouble == nil }
        #expect(store.missing.isEmpty)
        history.stop()
        await writing.value
    }

    @Test func whatIsLeftIsWrittenAtTheEnd() async throws {
        let store = TroubledStore()
        let history = Self.history(store)
        for number in 0..<3 { history.callEnded(try Self.record(number)) }
        history.stop()
        await history.run()
        #expect(store.added.count == 3)
    }

    @Test func payloadsAreKeptOnlyWhereThatIsWanted() async throws {
        for keeps in [true, false] {
            let store = TroubledStore()
            let history = Self.history(store, keepsPayloads: keeps)
            history.callEnded(try Self.record(event: #"{"secret":1}"#))
            history.stop()
            await history.run()
            let payload = store.added.first?.payload
            #expect((payload != nil) == keeps)
            #expect(payload?.clientContext?.text == (keeps ? Array(#"{"secret":1}"#.utf8) : nil))
            #expect(payload?.retMsg?.text == (keeps ? Array("hello from scf".utf8) : nil))
        }
    }

    @Test func longTextsAreCutAndLongEventsLeftOut() async throws {
        let store = TroubledStore()
        let history = Self.history(store)
        let long = String(repeating: "中", count: 30_000)
        var record = try Self.record(event: "\"\(long)\"")
        record.succeeded(InvokeAnswer(result: InvokeResult(retMsg: long, functionRequestId: "f"), requestId: "r"))
        history.callEnded(record)
        history.stop()
        await history.run()
        let payload = try #require(store.added.first?.payload)
        #expect(payload.clientContext == KeptText(text: [], byteCount: 90_002))
        #expect(payload.retMsg?.byteCount == 90_000)
        let kept = try #require(payload.retMsg?.text)
        #expect(kept.count <= HistoryPayload.textBytes)
        #expect(String(validating: kept, as: UTF8.self) != nil, "no half character")
    }
}

/// From the door to the history.
@Suite struct KeptCallTests {
    private static let refusal = CloudError("ResourceNotFound.FunctionName", "There is none.")
    private static let timeout = CloudError("ClientError.Timeout", "Unknown.", mayHaveRun: true)
    private static let failure = InvokeAnswer(
        result: InvokeResult(errMsg: "raised", functionRequestId: "f", invokeResult: 1), requestId: "r")

    @Test(arguments: [
        ("FunctionName=hello", FakeInvoker(), HistoryOutcome.ok, "OK", 200),
        ("FunctionName=hello", FakeInvoker(failure), .failed, "OK", 200),
        ("FunctionName=hello&InvocationType=Event", FakeInvoker(), .accepted, "OK", 200),
        ("FunctionName=hello", FakeInvoker(refusal), .refused, "ResourceNotFound.FunctionName", 404),
        ("FunctionName=hello", FakeInvoker(timeout), .unknown, "ClientError.Timeout", 504),
        ("FunctionName=1", FakeInvoker(), .refused, "InvalidParameterValue.FunctionName", 400),
    ])
    func outcomesAreTold(
        form: String, invoker: FakeInvoker, outcome: HistoryOutcome, code: String, status: Int
    ) async throws {
        let kept = try TestHistory()
        let relay = TestRelay(invoker, history: kept.history)
        let response = await relay.sendForm(form)
        let call = try #require(try await kept.only()?.call)
        #expect(call.outcome == outcome)
        #expect(call.code.hasPrefix(code.prefix(20)))
        #expect(call.status == status)
        #expect(call.id == response.requestId)
        #expect(call.caller == "192.0.2.7")
        #expect(call.microseconds > 0)
    }

    @Test func figuresOfARunAreKept() async throws {
        struct Memory: FunctionMemory {
            func memorySize(of function: FunctionVersion) async -> Int? { function.functionName == "hello" ? 256 : nil }
        }
        let kept = try TestHistory(memory: Memory())
        _ = await TestRelay(history: kept.history).sendForm("FunctionName=hello&Qualifier=live")
        let call = try #require(try await kept.only()?.call)
        #expect((call.billDuration, call.memUsage, call.memorySize) == (100, 3_207_168, 256))
        #expect(call.functionRequestId == "6add56fa-58f1-11e8-89a9-5254005d5fdb")
        #expect(call.cloudRequestId == "c2af8a64-c922-4d55-aee0-bd86a5c2cd12")
        #expect((call.namespace, call.functionName, call.qualifier) == ("default", "hello", "live"))
    }

    @Test func otherThingsThanCallsAreNotKept() async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        for path in ["/healthz", "/functions", "/nothing", "/deliveries/x"] { _ = await relay.send("GET", path) }
        #expect(try await kept.only() == nil)
    }

    @Test func aPageFindsItsCallByTheIdThatItChose() async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        let id = "01234567-89ab-4def-8123-456789abcdef"
        _ = await relay.sendForm("FunctionName=hello", headers: ["X-Call-Id": id])
        #expect(try await kept.only()?.call.id == id)
    }

    @Test func anAnswerSaysWhereItsCallIsKept() async throws {
        let kept = try TestHistory()
        let response = await TestRelay(history: kept.history).sendForm("FunctionName=hello")
        #expect(response.headerFields[.link] == "</history/\(response.requestId ?? "")>; rel=\"related\"")
        #expect(await TestRelay().sendForm("FunctionName=hello").headerFields[.link] == nil)
    }

    @Test func anAnswerLeadsToItsOwnCallAlsoWhereTheChosenIdIsTaken() async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        let chosen = ["X-Call-Id": "01234567-89ab-4def-8123-456789abcdef"]
        for function in ["hello", "echo"] {
            let response = await relay.sendForm("FunctionName=\(function)", headers: chosen)
            let id = try #require(response.requestId)
            #expect(response.headerFields[.link] == "</history/\(id)>; rel=\"related\"")
            await kept.history.flushed()
            #expect(try await kept.store.call(id)?.call.functionName == function)
        }
        #expect(try await kept.store.call(chosen["X-Call-Id"] ?? "")?.call.functionName == "hello")
    }

    @Test func aFunctionWhoseAnswerIsNoneHasRunAndFailed() async throws {
        let kept = try TestHistory()
        let hooks = try TestHooks(
            "verify: github, secrets: [environment:SECRET]",
            cloud: FakeInvoker(.returning(#"{"statusCode":"200","body":"x"}"#)), observer: kept.history)
        _ = try await hooks.send("{}")
        let call = try #require(try await kept.only()?.call)
        #expect((call.outcome, call.code, call.status) == (.failed, "FailedOperation.FunctionResponse", 502))
    }

    @Test(arguments: ["1", "01234567-89AB-4def-8123-456789abcdef", "'><script>alert(1)</script>aaaaaaaaaaa", ""])
    func idsOfAnotherShapeAreNotTaken(id: String) async throws {
        let kept = try TestHistory()
        let response = await TestRelay(history: kept.history).sendForm(
            "FunctionName=hello", headers: ["X-Call-Id": id])
        #expect(try await kept.only()?.call.id == response.requestId)
    }

    @Test func aCallGoesOnWhenItsBrowserLeavesAndItsResultIsFound() async throws {
        let kept = try TestHistory()
        let (arrived, arrive) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let relay = TestRelay(
            FakeInvoker { (_) throws(CloudError) in
                arrive.yield()
                for await _ in released { break }
                if Task.isCancelled { throw CloudError("ClientError.Cancelled", "gone", mayHaveRun: true) }
                return FakeInvoker.hello
            }, history: kept.history)
        let browser = Task { await relay.sendForm("FunctionName=hello") }
        for await _ in arrived { break }
        await kept.history.flushed()
        let running = try await kept.store.calls(HistoryFilter(), after: nil, limit: 1).calls
        #expect(running.map(\.outcome) == [.running])
        browser.cancel()
        release.yield()
        _ = await browser.value
        let detail = try #require(try await kept.only())
        #expect(detail.call.outcome == .ok)
        #expect(detail.call.id == running.first?.id)
        #expect(detail.payload?.retMsg?.text == Array("hello from scf".utf8))
    }
}
