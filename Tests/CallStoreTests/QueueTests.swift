// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallStore

/// What the queue gives out, in which order, and what it remembers about it.
@Suite struct QueueTests {
    let files: TemporaryStore

    init() throws { files = try TemporaryStore() }

    @Test func givesOutACallAsItWasStored() async throws {
        let store = try files.open()
        let call = NewCall(
            id: "a", hook: "push",
            target: .function(
                FunctionTarget(
                    functionName: "hello", namespace: "test", qualifier: "$LATEST", region: "ap-beijing",
                    routingKey: #"{"a":"b"}"#, invocationType: "Event")),
            payload: [0x7B, 0x00, 0xFF, 0x7D], idempotent: true, lane: "push", callback: "https://example.com/",
            trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        #expect(try await store.accept(call, as: nil) == .stored)
        let claims = try await store.claim(.function, upTo: 10)
        #expect(claims.map(\.call) == [call])
        #expect(claims.map(\.attempt) == [1])
        #expect(try await store.claim(.function, upTo: 10).isEmpty)
    }

    @Test func givesOutTheOldestFirstAndNoMoreThanAskedFor() async throws {
        let store = try files.open()
        for id in ["a", "b", "c"] { _ = try await store.accept(.hello(id), as: nil) }
        #expect(try await store.claimIds(upTo: 2) == ["a", "b"])
        #expect(try await store.claimIds(upTo: 2) == ["c"])
    }

    @Test func aCallThatWaitsAgainIsDueAfterItsPause() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: nil)
        let claim = try #require(try await store.claim(.function, upTo: 1).first)
        try await store.finish(claim, .again(AttemptOutcome(code: "ClientError.NetworkError"), after: .seconds(10)))
        files.pass(.seconds(9))
        #expect(try await store.claim(.function, upTo: 1).isEmpty)
        files.pass(.seconds(1))
        let again = try #require(try await store.claim(.function, upTo: 1).first)
        #expect(again.attempt == 2)
        #expect(again.age == .seconds(10))
    }

    @Test func ofALaneOnlyTheOldestIsGivenOut() async throws {
        let store = try files.open()
        for id in ["a", "b"] { _ = try await store.accept(.hello(id, lane: "push"), as: nil) }
        _ = try await store.accept(.hello("other", lane: "alerts"), as: nil)
        let claims = try await store.claim(.function, upTo: 10)
        #expect(claims.map(\.call.id) == ["a", "other"])
        try await store.finish(claims[0], .again(AttemptOutcome(code: "X"), after: .seconds(60)))
        #expect(try await store.claim(.function, upTo: 10).isEmpty, "the first of the lane waits, so the second does")
        files.pass(.seconds(60))
        let first = try #require(try await store.claim(.function, upTo: 10).first)
        try await store.finish(first, .dead(AttemptOutcome(code: "X")))
        #expect(try await store.claimIds(upTo: 10) == ["b"])
    }

    @Test func whatWasDeliveredLosesItsPayloadAndKeepsItsAttempts() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: .push("1"))
        let first = try #require(try await store.claim(.function, upTo: 1).first)
        try await store.finish(
            first, .again(AttemptOutcome(code: "RequestLimitExceeded", message: "busy"), after: .zero))
        let second = try #require(try await store.claim(.function, upTo: 1).first)
        try await store.finish(second, .done(AttemptOutcome(code: "OK", functionRequestId: "run-1")))
        let detail = try #require(try await store.call("a"))
        #expect(detail.summary.state == .done)
        #expect(detail.summary.deliveryId == "1")
        #expect(detail.payload == nil)
        #expect(detail.attempts.map(\.outcome?.code) == ["RequestLimitExceeded", "OK"])
        #expect(detail.summary.lastOutcome?.functionRequestId == "run-1")
    }

    @Test func whatFollowsADeliveryIsStoredInTheSameStep() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: nil)
        let claim = try #require(try await store.claim(.function, upTo: 1).first)
        let callback = NewCall(
            id: "b", hook: "push", target: .callback(url: "https://example.com/"), payload: [1], idempotent: true)
        try await store.finish(claim, .done(AttemptOutcome(code: "OK"), followedBy: callback))
        #expect(try await store.claim(.function, upTo: 1).isEmpty)
        #expect(try await store.claim(.callback, upTo: 1).map(\.call) == [callback])
    }

    @Test(arguments: [CallState.dead, .unknown])
    func aPersonRetriesWhatWasGivenUpOrIsUnknown(_ state: CallState) async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: nil)
        let claim = try #require(try await store.claim(.function, upTo: 1).first)
        let outcome = AttemptOutcome(code: "ClientError.Timeout")
        try await store.finish(claim, state == .dead ? .dead(outcome) : .unknown(outcome))
        files.pass(.seconds(100))
        #expect(try await store.claim(.function, upTo: 1).isEmpty)
        #expect(try await store.retry("a") == .done)
        let again = try #require(try await store.claim(.function, upTo: 1).first)
        #expect((again.attempt, again.attemptInRow, again.age) == (2, 1, .zero))
        #expect(again.call.payload == Array("{}".utf8))
    }

    @Test func aPersonCannotRetryOrDropWhatRunsOrRetryWhatIsDone() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: nil)
        let claim = try #require(try await store.claim(.function, upTo: 1).first)
        #expect(try await store.retry("a") == .notPossible(.running))
        #expect(try await store.drop("a") == .notPossible(.running))
        try await store.finish(claim, .done(AttemptOutcome(code: "OK")))
        #expect(try await store.retry("a") == .notPossible(.done))
        #expect(try await store.drop("a") == .done)
        #expect(try await store.drop("a") == .noSuchCall)
        #expect(try await store.call("a") == nil)
    }

    @Test func listsPageByPage() async throws {
        let store = try files.open()
        for number in 1...5 { _ = try await store.accept(.hello("\(number)"), as: nil) }
        let first = try await store.calls(in: [.waiting], after: 0, limit: 3)
        #expect(first.map(\.id) == ["1", "2", "3"])
        let rest = try await store.calls(in: [.waiting], after: first[2].place, limit: 3)
        #expect(rest.map(\.id) == ["4", "5"])
        #expect(try await store.calls(in: [.dead], after: 0, limit: 3).isEmpty)
    }
}
