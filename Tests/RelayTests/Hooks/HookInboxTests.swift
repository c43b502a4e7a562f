// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Synchronization
import TencentCloud
import Testing

@testable import Relay

@Suite("What a hook hands to the store")
struct HookInboxTests {
    /// Remembers what it is handed, and answers as it is told.
    private final class Inbox: HookInbox {
        let deliveries = Mutex<[HookDelivery]>([])
        let outcome: OnceOutcome?
        let error: CloudError?

        init(outcome: OnceOutcome? = nil, error: CloudError? = nil) {
            self.outcome = outcome
            self.error = error
        }

        var last: HookDelivery? { deliveries.withLock { $0.last } }

        func accept(_ delivery: HookDelivery) async throws(CloudError) -> HookAcceptance {
            deliveries.withLock { $0.append(delivery) }
            if let error { throw error }
            return HookAcceptance(id: "7d444840-9dc0-11d1-b245-5ffdce74fad2")
        }

        func once(
            _ delivery: HookDelivery, run: @Sendable () async throws(CloudError) -> Response
        ) async throws(CloudError) -> OnceOutcome {
            deliveries.withLock { $0.append(delivery) }
            if let outcome { return outcome }
            return .answered(try await run())
        }
    }

    @Test("accepted: stored, 202, and where to ask; nothing runs here")
    func accepted() async throws {
        let inbox = Inbox()
        let hooks = try TestHooks(
            "verify: github, secrets: [environment:SECRET], answer: accepted, idempotent: true, ordered: true, rememberSeconds: 60",
            inbox: inbox)
        let answer = try await hooks.send(#"{"a":1}"#, ["X-GitHub-Delivery": "72d3162e"])
        #expect(answer.status == .accepted)
        #expect(answer.headerFields[.location] == "/deliveries/7d444840-9dc0-11d1-b245-5ffdce74fad2")
        #expect(answer.text == #"{"DeliveryId":"7d444840-9dc0-11d1-b245-5ffdce74fad2"}"#)
        #expect(hooks.cloud.calls.isEmpty)
        let delivery = try #require(inbox.last)
        #expect(delivery.hook == "h" && delivery.deliveryId == "72d3162e")
        #expect(delivery.request.clientContext?.text == Array(#"{"a":1}"#.utf8))
        #expect(delivery.body == BodyDigest(of: Array(#"{"a":1}"#.utf8)))
        #expect(delivery.rules.idempotent && delivery.rules.ordered && delivery.rules.rememberSeconds == 60)
    }

    @Test("Nothing is stored that is not verified, or could not run")
    func refused() async throws {
        let inbox = Inbox()
        let hooks = try TestHooks("verify: github, secrets: [environment:SECRET], answer: accepted", inbox: inbox)
        #expect(await hooks.post(Array("{}".utf8)).status == .unauthorized)
        #expect(try await hooks.send("no json").status == .badRequest)
        #expect(try await hooks.send("{}", ["X-GitHub-Event": "ping"]).status == .ok)
        #expect(inbox.last == nil)
    }

    @Test("A store that is full is 503, which every sender takes for 'later'")
    func full() async throws {
        let error = CloudError("ResourceUnavailable.StoreFull", "full", retryAfterSeconds: 5)
        for sender in ["github", "alertmanager", "gitlab", "slack"] {
            let hooks = try TestHooks(
                "verify: \(sender), secrets: [environment:SECRET], answer: accepted", inbox: Inbox(error: error))
            let answer = try await hooks.send("{}")
            #expect(answer.status == .serviceUnavailable && answer.headerFields[.retryAfter] == "5")
        }
        // Without any store at all, too.
        let hooks = try TestHooks("verify: github, secrets: [environment:SECRET], answer: accepted")
        #expect(try await hooks.send("{}").status == .serviceUnavailable)
    }

    @Test("result: sent again gets the answer of the first time, or 202 while that runs")
    func once() async throws {
        let first = Response(status: .ok, body: Array("first".utf8))
        let repeated = try TestHooks(
            "verify: github, secrets: [environment:SECRET]", inbox: Inbox(outcome: .repeated(first)))
        #expect(try await repeated.send("{}").text == "first")
        let running = try TestHooks(
            "verify: github, secrets: [environment:SECRET]", inbox: Inbox(outcome: .stillRunning))
        #expect(try await running.send("{}").status == .accepted)
        #expect(repeated.cloud.calls.isEmpty && running.cloud.calls.isEmpty)
    }

    static let ids: [(hook: String, headers: [String: String], body: String, id: String?)] = [
        ("verify: github", ["X-GitHub-Delivery": "d1"], "{}", "d1"),
        ("verify: coding", ["X-Coding-Delivery": "d2"], "{}", "d2"),
        ("verify: gitlab", ["Idempotency-Key": "d3"], "{}", "d3"),
        ("verify: bearer", ["Idempotency-Key": "\"d4\""], "{}", "\"d4\""),
        ("verify: stripe", [:], #"{"id": "evt_1"}"#, "evt_1"), ("verify: slack", [:], #"{"event_id": "Ev1"}"#, "Ev1"),
        ("verify: slack", [:], #"{"event_id": null}"#, nil), ("verify: slack", [:], #"{}"#, nil),
        ("verify: alertmanager", ["Idempotency-Key": "x"], "{}", nil),
        ("verify: github, id: none", ["X-GitHub-Delivery": "d1"], "{}", nil),
        ("verify: github, id: \"body:/n\"", [:], #"{"n": 12}"#, "12"),
        ("verify: github, id: \"header:X-Own\"", ["X-Own": "o"], "{}", "o"),
    ]

    @Test("The sender's id is found where it is", arguments: ids.indices)
    func id(index: Int) async throws {
        let (hook, headers, body, id) = Self.ids[index]
        let inbox = Inbox()
        let hooks = try TestHooks("\(hook), secrets: [environment:SECRET]", inbox: inbox)
        #expect(try await hooks.send(body, headers).status == .ok)
        #expect(try #require(inbox.last).deliveryId == id)
    }

    @Test("What cannot be an id is refused", arguments: [String(repeating: "x", count: 256), "tab\there", "中"])
    func wrongId(id: String) async throws {
        let hooks = try TestHooks("verify: github, secrets: [environment:SECRET]")
        #expect(try await hooks.send("{}", ["X-GitHub-Delivery": id]).status == .badRequest)
    }

    @Test("A run that failed is remembered, unless the hook may run twice")
    func failed() async throws {
        let once = try TestHooks(
            "verify: github, secrets: [environment:SECRET]", cloud: FakeInvoker(.failing), inbox: Outcomes())
        #expect(try await once.send("{}").text.contains("FailedOperation.FunctionFailed"))
        #expect(Outcomes.returned.withLock { $0 } == 1)
        let again = try TestHooks(
            "verify: github, secrets: [environment:SECRET], idempotent: true", cloud: FakeInvoker(.failing),
            inbox: Outcomes())
        #expect(try await again.send("{}").text.contains("FailedOperation.FunctionFailed"))
        #expect(Outcomes.returned.withLock { $0 } == 1)
    }

    /// Counts the runs that returned an answer to remember.
    private struct Outcomes: HookInbox {
        static let returned = Mutex(0)

        func accept(_ delivery: HookDelivery) async throws(CloudError) -> HookAcceptance { HookAcceptance(id: "") }

        func once(
            _ delivery: HookDelivery, run: @Sendable () async throws(CloudError) -> Response
        ) async throws(CloudError) -> OnceOutcome {
            let response = try await run()
            Self.returned.withLock { $0 += 1 }
            return .answered(response)
        }
    }
}
