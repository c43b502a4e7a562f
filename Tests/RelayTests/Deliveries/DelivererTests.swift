// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation
import Logging
import Synchronization
import TencentCloud
import Testing

@testable import CallStore
@testable import Relay

/// What runs, how often, and what is known about it afterwards.
@Suite struct DelivererTests {
    let clock = SimulatedClock()
    let log = DeliveryLog()
    let files: TestStore

    init() throws {
        files = try TestStore(now: { [clock] in Int(clock.now.nanoseconds / 1_000_000) })
    }

    private func deliverer(
        _ invoker: any Invoker, atOnce: Int = 4, schedule: RetrySchedule = RetrySchedule()
    ) -> Deliverer {
        deliverer(
            .function, FunctionDelivery(invoker: invoker, limits: Limits(), observer: CallObservers([])),
            atOnce: atOnce, schedule: schedule)
    }

    private func deliverer(
        _ kind: CallTarget.Kind, _ delivery: any CallDelivery, atOnce: Int = 4,
        schedule: RetrySchedule = RetrySchedule()
    ) -> Deliverer {
        Deliverer(
            store: files.store, kind: kind, way: .init(delivery: delivery, schedule: schedule, atOnce: atOnce),
            logger: Logger(label: "test", factory: { [log] _ in DeliveryLogHandler(log: log) }),
            surroundings: .init(
                sleep: { [clock] in await clock.sleep($0) }, now: { [clock] in clock.now }, random: { 0 }))
    }

    /// Runs a deliverer until `isThrough`, moving the clock on whenever somebody waits.
    private func run(_ deliverer: Deliverer, until isThrough: () -> Bool) async {
        let running = Task { await deliverer.run() }
        await eventually("the deliverer comes to what is waited for") {
            if let next = clock.nextWake { clock.move(to: next) }
            return isThrough()
        }
        deliverer.stop()
        await running.value
    }

    @Test func deliversAStoredCallOnceAsItWasStored() async throws {
        _ = try await files.store.accept(.hello("a"), as: nil)
        let invoker = FakeInvoker()
        await run(deliverer(invoker)) { log.state(of: "a") == .done }
        #expect(invoker.calls.count == 1)
        #expect(invoker.calls.first?.request.functionName == "hello")
        #expect(invoker.calls.first?.request.clientContext?.text == Array(#"{"n":1}"#.utf8))
        let outcome = try await files.store.call("a")?.summary.lastOutcome
        #expect(outcome?.code == "OK")
        #expect(outcome?.functionRequestId == "6add56fa-58f1-11e8-89a9-5254005d5fdb")
    }

    @Test func triesAgainWhatDidNotRunUntilItDoes() async throws {
        _ = try await files.store.accept(.hello("a"), as: nil)
        let failures = Mutex(5)
        let invoker = FakeInvoker { (_) throws(CloudError) in
            let fails = failures.withLock { left in
                left -= 1
                return left >= 0
            }
            if fails { throw CloudError("RequestLimitExceeded", "busy", retryAfterSeconds: 3) }
            return FakeInvoker.hello
        }
        await run(deliverer(invoker)) { log.state(of: "a") == .done }
        let attempts = try await files.store.call("a")?.attempts ?? []
        #expect(attempts.map { $0.outcome?.code } == [String](repeating: "RequestLimitExceeded", count: 5) + ["OK"])
        let pauses = zip(attempts, attempts.dropFirst()).map { $1.startedAt - ($0.endedAt ?? 0) }
        #expect(zip(pauses, [3000, 3000, 4000, 8000, 16_000]).allSatisfy { $0 >= $1 }, "\(pauses)")
    }

    @Test(arguments: [(false, CallState.unknown, 1), (true, .done, 2)])
    func whatMayHaveRunRunsAgainOnlyIfThatDoesNoHarm(idempotent: Bool, state: CallState, runs: Int) async throws {
        _ = try await files.store.accept(.hello("a", idempotent: idempotent), as: nil)
        let isFirst = Atomic(true)
        let invoker = FakeInvoker { (_) throws(CloudError) in
            guard isFirst.exchange(false, ordering: .relaxed) else { return FakeInvoker.hello }
            var error = CloudError("ClientError.Timeout", "unknown")
            error.mayHaveRun = true
            throw error
        }
        await run(deliverer(invoker)) { log.state(of: "a") == state }
        #expect(invoker.calls.count == runs)
        #expect(try await files.store.call("a")?.attempts.first?.outcome?.code == "ClientError.Timeout")
    }

    @Test(arguments: ["InvalidParameterValue", "UnauthorizedOperation.CAM", "RequestSizeLimitExceeded"])
    func whatCannotBeDeliveredAsItIsIsGivenUpAtOnce(code: String) async throws {
        _ = try await files.store.accept(.hello("a", idempotent: true), as: nil)
        let invoker = FakeInvoker(CloudError(ErrorCode(rawValue: code), "no"))
        await run(deliverer(invoker)) { log.state(of: "a") == .dead }
        #expect(invoker.calls.count == 1)
    }

    @Test func whatFailsForTooLongIsGivenUpAndKept() async throws {
        _ = try await files.store.accept(.hello("a"), as: nil)
        let invoker = FakeInvoker(CloudError("ResourceUnavailable", "no"))
        var schedule = RetrySchedule()
        schedule.longestPause = .seconds(5)
        schedule.giveUpAfter = .seconds(100)
        await run(deliverer(invoker, schedule: schedule)) { log.state(of: "a") == .dead }
        let detail = try await files.store.call("a")
        #expect(detail?.payload != nil)
        #expect((10...25).contains(invoker.calls.count), "after 1, 2 and 4 seconds, and then every 5 at most")
        #expect(clock.now.nanoseconds >= 100_000_000_000)
    }

    @Test func anOutageCostsFewTriesAndEndsByItself() async throws {
        for number in 1...50 { _ = try await files.store.accept(.hello("\(number)"), as: nil) }
        let isDown = Atomic(true)
        let invoker = FakeInvoker { (_) throws(CloudError) in
            if isDown.load(ordering: .relaxed) { throw CloudError("ClientError.NetworkError", "not run") }
            return FakeInvoker.hello
        }
        await run(deliverer(invoker, atOnce: 8)) {
            if invoker.calls.count >= 20 { isDown.store(false, ordering: .relaxed) }
            return log.count(.done) == 50
        }
        #expect(clock.now.nanoseconds > 60_000_000_000, "twenty tries take a while")
    }

    @Test func keepsTheOrderOfALane() async throws {
        let ids = (1...10).map { "\($0)" }
        for id in ids { _ = try await files.store.accept(.hello(id, lane: "push"), as: nil) }
        let failed = Mutex<Set<String>>([])
        let done = Mutex<[String]>([])
        let invoker = OrderedInvoker { (id) throws(CloudError) in
            if failed.withLock({ $0.insert(id).inserted }) { throw CloudError("RequestLimitExceeded", "busy") }
            done.withLock { $0.append(id) }
        }
        await run(deliverer(invoker)) { log.count(.done) == 10 }
        #expect(done.withLock { $0 } == ids)
    }

    @Test func atTheEndWhatIsUnderWayFinishesAndTheRestStays() async throws {
        for id in ["a", "b"] { _ = try await files.store.accept(.hello(id), as: nil) }
        let (held, release) = AsyncStream.makeStream(of: Void.self)
        let invoker = FakeInvoker { (_) throws(CloudError) in
            for await _ in held {}
            return FakeInvoker.hello
        }
        let deliverer = deliverer(invoker, atOnce: 1)
        let running = Task { await deliverer.run() }
        await eventually("the first is under way") { invoker.calls.count == 1 }
        deliverer.stop()
        release.finish()
        await running.value
        #expect(try await files.states() == ["a": .done, "b": .waiting])
    }

    @Test(arguments: [(false, CallState.unknown), (true, .waiting)])
    func whatIsBrokenOffIsNoted(idempotent: Bool, state: CallState) async throws {
        _ = try await files.store.accept(.hello("a", idempotent: idempotent), as: nil)
        let invoker = FakeInvoker { (_) throws(CloudError) in
            try? await Task.sleep(for: .seconds(3600))
            var error = CloudError("ClientError.Cancelled", "gone")
            error.mayHaveRun = true
            throw error
        }
        let deliverer = deliverer(invoker)
        let running = Task { await deliverer.run() }
        await eventually("it is under way") { invoker.calls.count == 1 }
        running.cancel()
        await running.value
        #expect(try await files.states() == ["a": state])
    }

    @Test func theResultGoesToTheCallback() async throws {
        _ = try await files.store.accept(.hello("a", callback: "https://example.com/r"), as: nil)
        await run(deliverer(FakeInvoker())) { log.state(of: "a") == .done }
        let callbacks = RecordingDelivery()
        await run(deliverer(.callback, callbacks)) { callbacks.calls.count == 1 }
        let call = try #require(callbacks.calls.first)
        #expect(call.target == .callback(url: "https://example.com/r"))
        let body = String(decoding: call.payload ?? [], as: UTF8.self)
        #expect(
            body
                == #"{"type":"function.done","data":{"id":"a","hook":"push","functionName":"hello","namespace":"default","#
                + #""code":"OK","functionRequestId":"6add56fa-58f1-11e8-89a9-5254005d5fdb","retMsg":"hello from scf","#
                + #""errMsg":""}}"#)
    }
}

/// An invoker that is told the ids of calls.
private struct OrderedInvoker: Invoker {
    let behaviour: @Sendable (String) async throws(CloudError) -> Void

    init(_ behaviour: @escaping @Sendable (String) async throws(CloudError) -> Void) {
        self.behaviour = behaviour
    }

    func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        try await behaviour(context.requestId)
        return FakeInvoker.hello
    }
}

/// Delivers everything, and remembers it.
private final class RecordingDelivery: CallDelivery {
    private let received = Mutex<[NewCall]>([])

    var calls: [NewCall] { received.withLock { $0 } }

    func deliver(_ claim: ClaimedCall) async -> Delivered {
        received.withLock { $0.append(claim.call) }
        return Delivered(result: .delivered(AttemptOutcome(code: "OK")))
    }
}
