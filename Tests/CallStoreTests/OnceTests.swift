// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallStore

/// The same id again: the same answer, and nothing runs a second time.
@Suite struct OnceTests {
    let files: TemporaryStore
    let answer = StoredAnswer(status: 201, headerLines: ["Content-Type: text/plain", "X: y"], body: [0, 255])

    init() throws { files = try TemporaryStore() }

    @Test func aStoredCallIsKnownByItsKey() async throws {
        let store = try files.open()
        #expect(try await store.accept(.hello("a"), as: .push("1")) == .stored)
        #expect(try await store.accept(.hello("b"), as: .push("1")) == .known(callId: "a"))
        #expect(try await store.accept(.hello("c"), as: .push("1", body: 2)) == .conflict)
        #expect(try await store.accept(.hello("d"), as: .push("2")) == .stored)
        #expect(try await store.states().keys.sorted() == ["a", "d"])
    }

    @Test func isKnownAfterARestart() async throws {
        _ = try await files.open().accept(.hello("a"), as: .push("1"))
        let reopened = try files.open()
        #expect(try await reopened.accept(.hello("b"), as: .push("1")) == .known(callId: "a"))
    }

    @Test func isForgottenWhenItsTimeIsOver() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: .push("1", rememberSeconds: 60))
        files.pass(.seconds(59))
        #expect(try await store.accept(.hello("b"), as: .push("1")) == .known(callId: "a"))
        files.pass(.seconds(1))
        #expect(try await store.accept(.hello("b"), as: .push("1")) == .stored)
    }

    @Test func sendersDoNotShareIds() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: .push("1"))
        var other = DeliveryKey.push("1")
        other.scope = "alerts"
        #expect(try await store.accept(.hello("b"), as: other) == .stored)
    }

    @Test func anAnswerIsGivenAgainByteForByte() async throws {
        let store = try files.open()
        #expect(try await store.begin(.push("1"), idempotent: false) == .begun)
        #expect(try await store.begin(.push("1"), idempotent: false) == .running)
        #expect(try await store.begin(.push("1", body: 2), idempotent: false) == .conflict)
        try await store.end(.push("1"), .answered(answer))
        #expect(try await store.begin(.push("1"), idempotent: false) == .answered(answer))
        let reopened = try files.open()
        #expect(try await reopened.begin(.push("1"), idempotent: false) == .answered(answer))
    }

    @Test func aKeyOfAStoredCallIsNotAnsweredAndTheOtherWayRound() async throws {
        let store = try files.open()
        _ = try await store.accept(.hello("a"), as: .push("1"))
        #expect(try await store.begin(.push("1"), idempotent: true) == .stored(callId: "a"))
        #expect(try await store.begin(.push("1", body: 2), idempotent: true) == .conflict)
        _ = try await store.begin(.push("2"), idempotent: false)
        #expect(try await store.accept(.hello("b"), as: .push("2")) == .answeredAtOnce)
        try await store.end(.push("2"), .answered(answer))
        #expect(try await store.accept(.hello("b"), as: .push("2")) == .answeredAtOnce)
        #expect(try await store.accept(.hello("b"), as: .push("2", body: 2)) == .conflict)
        #expect(try await store.states().keys.sorted() == ["a"])
    }

    @Test func whatDidNotRunMayBeginAgain() async throws {
        let store = try files.open()
        _ = try await store.begin(.push("1"), idempotent: false)
        try await store.end(.push("1"), .forgotten)
        #expect(try await store.begin(.push("1"), idempotent: false) == .begun)
    }

    @Test func whatMayHaveRunDoesNotBeginAgain() async throws {
        let store = try files.open()
        _ = try await store.begin(.push("1"), idempotent: false)
        try await store.end(.push("1"), .unknown)
        #expect(try await store.begin(.push("1"), idempotent: false) == .unknown)
        let reopened = try files.open()
        #expect(try await reopened.begin(.push("1"), idempotent: false) == .unknown)
    }

    @Test(arguments: [(false, Beginning.unknown), (true, .begun)])
    func whatRanWhenTheRelayEnded(idempotent: Bool, then: Beginning) async throws {
        func beginAndEndTheRelay() async throws {
            _ = try await files.open().begin(.push("1"), idempotent: idempotent)
        }
        try await beginAndEndTheRelay()
        let store = try files.open()
        #expect(try await store.begin(.push("1"), idempotent: idempotent) == .running)
        _ = try await store.settleAbandoned()
        #expect(try await store.begin(.push("1"), idempotent: idempotent) == then)
    }
}
