// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Synchronization
import TencentCloud
import Testing

@testable import CallStore
@testable import Relay

/// What a hook's door gets from the store.
@Suite struct DurableInboxTests {
    let files: TestStore
    let wakes = WakeCounter()

    init() throws { files = try TestStore() }

    private var inbox: DurableInbox { DurableInbox(store: files.store, wake: { [wakes] in wakes.wake() }) }

    private func delivery(
        _ id: String?, hook: String = "push", of function: [(String, String)] = [("FunctionName", "hello")],
        body: String = "{}", idempotent: Bool = false, ordered: Bool = false, remember: Int = 3600
    ) throws -> HookDelivery {
        var rules = DeliveryRules()
        rules.idempotent = idempotent
        rules.ordered = ordered
        rules.rememberSeconds = remember
        return HookDelivery(
            hook: hook,
            request: try InvokeRequest(parameters: function + [("ClientContext", body)], limits: Limits()),
            deliveryId: id, body: BodyDigest(of: Array(body.utf8)), rules: rules)
    }

    @Test func whatIsAcceptedIsStoredAndTheDelivererIsTold() async throws {
        let acceptance = try await inbox.accept(try delivery("1", body: #"{"a": [1]}"#))
        #expect(acceptance.location == "/deliveries/\(acceptance.id)")
        let detail = try #require(try await files.store.call(acceptance.id))
        #expect(detail.payload == Array(#"{"a": [1]}"#.utf8))
        #expect(detail.summary.deliveryId == "1")
        #expect(wakes.count == 1)
    }

    @Test func theSameAgainIsTheSameCall() async throws {
        let first = try await inbox.accept(try delivery("1"))
        let second = try await inbox.accept(try delivery("1"))
        #expect(second == HookAcceptance(id: first.id, isRepeated: true))
        #expect(try await files.states().count == 1)
        #expect(wakes.count == 1)
    }

    @Test func withoutAnIdEveryCallIsANewOne() async throws {
        for _ in 1...2 { _ = try await inbox.accept(try delivery(nil)) }
        for _ in 1...2 { _ = try await inbox.accept(try delivery("1", remember: 0)) }
        #expect(try await files.states().count == 4)
    }

    @Test func theSameIdWithAnotherBodyIsRefused() async throws {
        _ = try await inbox.accept(try delivery("1"))
        let error = await #expect(throws: CloudError.self) { try await inbox.accept(try delivery("1", body: "[]")) }
        #expect(error?.httpStatus == 422)
    }

    /// Two hooks may lead to one function: what has an order is the function.
    @Test func orderedCallsOfOneFunctionWaitForEachOtherWhicheverHookTheyCameBy() async throws {
        let first = try await inbox.accept(try delivery("1", ordered: true))
        let second = try await inbox.accept(
            try delivery(
                "2", hook: "tag", of: [("FunctionName", "hello"), ("Namespace", "default"), ("Qualifier", "2")],
                ordered: true))
        let others = try await [
            inbox.accept(try delivery("3", hook: "tag")),
            inbox.accept(try delivery("4", of: [("FunctionName", "echo")], ordered: true)),
            inbox.accept(
                try delivery("5", of: [("FunctionName", "hello"), ("Namespace", "test")], ordered: true)),
        ]
        let third = try await inbox.accept(
            try delivery("6", of: [("FunctionName", "hello"), ("Region", "ap-guangzhou")], ordered: true))

        let claimed = try await files.store.claim(.function, upTo: 10)
        #expect(claimed.map(\.call.id) == [first.id] + others.map(\.id))
        try await files.store.finish(claimed[0], .done(AttemptOutcome(code: "OK")))
        let next = try await files.store.claim(.function, upTo: 10)
        #expect(next.map(\.call.id) == [second.id])
        try await files.store.finish(next[0], .done(AttemptOutcome(code: "OK")))
        #expect(try await files.store.claim(.function, upTo: 10).map(\.call.id) == [third.id])
    }

    @Test func aFullStoreIsSaidBeforeAnythingIsAccepted() async throws {
        var limits = StoreLimits()
        limits.calls = 1
        let small = try TestStore(limits: limits)
        let inbox = DurableInbox(store: small.store, wake: {})
        _ = try await inbox.accept(try delivery("1"))
        let error = await #expect(throws: CloudError.self) { try await inbox.accept(try delivery("2")) }
        #expect(error?.httpStatus == 503)
        #expect(error?.retryAfterSeconds == 60)
        withExtendedLifetime(small) {}
    }

    @Test func anAnswerIsGivenAgainWithoutRunning() async throws {
        let runs = Atomic(0)
        let run: @Sendable () async throws(CloudError) -> Response = {
            runs.add(1, ordering: .relaxed)
            return Response(
                status: .init(code: 201, reasonPhrase: "Created"),
                headerFields: [.contentType: "text/plain", .eTag: "a: b"],
                body: [0, 1, 255])
        }
        guard case .answered(let first) = try await inbox.once(try delivery("1"), run: run),
            case .repeated(let second) = try await inbox.once(try delivery("1"), run: run)
        else {
            Issue.record("not answered and repeated")
            return
        }
        #expect(first.status == second.status)
        #expect(first.headerFields == second.headerFields)
        #expect(first.body == second.body)
        #expect(runs.load(ordering: .relaxed) == 1)
    }

    @Test func oneThatRunsIsNotRunBesides() async throws {
        let (held, release) = AsyncStream.makeStream(of: Void.self)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let (inbox, delivery) = (inbox, try delivery("1"))
        async let first = inbox.once(delivery) { () async throws(CloudError) in
            beginning.finish()
            for await _ in held {}
            return Response(status: .ok)
        }
        for await _ in begun {}
        let second = try await inbox.once(delivery) { Response(status: .ok) }
        guard case .stillRunning = second else {
            Issue.record("it ran besides")
            return
        }
        release.finish()
        _ = try await first
    }

    @Test(arguments: [(false, false, true), (true, false, false), (true, true, true)])
    func anErrorIsTriedAgainUnlessItMayHaveRun(mayHaveRun: Bool, idempotent: Bool, runsAgain: Bool) async throws {
        let delivery = try delivery("1", idempotent: idempotent)
        await #expect(throws: CloudError.self) {
            try await inbox.once(delivery) { () async throws(CloudError) in
                var error = CloudError("ClientError.NetworkError", "no")
                error.mayHaveRun = mayHaveRun
                throw error
            }
        }
        if runsAgain {
            guard case .answered = try await inbox.once(delivery, run: { Response(status: .ok) }) else {
                Issue.record("it did not run again")
                return
            }
        } else {
            let error = await #expect(throws: CloudError.self) {
                try await inbox.once(delivery) { Response(status: .ok) }
            }
            #expect(error?.httpStatus == 504)
        }
    }

    /// A hook whose `answer` was changed gets deliveries that it knows from before.
    @Test func whatCameBeforeTheAnswerModeWasChangedIsSaidAsItIs() async throws {
        let acceptance = try await inbox.accept(try delivery("1"))
        let stored = await #expect(throws: CloudError.self) {
            try await inbox.once(try delivery("1")) { Response(status: .ok) }
        }
        #expect(stored?.httpStatus == 422)
        #expect(stored?.message.contains(acceptance.location) == true)
        _ = try await inbox.once(try delivery("2")) { Response(status: .ok) }
        let answered = await #expect(throws: CloudError.self) { try await inbox.accept(try delivery("2")) }
        #expect(answered?.httpStatus == 422)
        for error in [stored, answered] { #expect(error?.message.contains("another body") == false) }
    }

    final class WakeCounter: Sendable {
        private let wakes = Atomic(0)
        var count: Int { wakes.load(ordering: .relaxed) }
        func wake() { wakes.add(1, ordering: .relaxed) }
    }
}
