// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallStore

/// The store is bounded in count, bytes and age, and a clock that is set does not hold it up.
@Suite struct BoundsTests {
    let files: TemporaryStore

    init() throws { files = try TemporaryStore() }

    private func deliver(_ store: some DeliveryStore) async throws {
        for claim in try await store.claim(.function, upTo: 100) {
            try await store.finish(claim, .done(AttemptOutcome(code: "OK")))
        }
    }

    @Test func takesSoManyCallsAndRoomAgainWhenSomeAreDelivered() async throws {
        var limits = StoreLimits()
        limits.calls = 2
        let store = try files.open(limits: limits)
        for id in ["a", "b"] { _ = try await store.accept(.hello(id), as: nil) }
        await #expect(throws: StoreError.full) { try await store.accept(.hello("c"), as: .push("c")) }
        try await deliver(store)
        #expect(try await store.accept(.hello("c"), as: .push("c")) == .stored)
    }

    @Test func takesSoManyBytesAndDeliveredCallsMakeWay() async throws {
        var limits = StoreLimits()
        limits.bytes = 10_000
        let store = try files.open(limits: limits)
        let payload = String(repeating: "x", count: 4000)
        for id in ["a", "b"] { _ = try await store.accept(.hello(id, payload: payload), as: nil) }
        await #expect(throws: StoreError.full) { try await store.accept(.hello("c", payload: payload), as: nil) }
        try await deliver(store)
        for number in 1...30 {
            _ = try await store.accept(.hello("\(number)", payload: payload), as: nil)
            try await deliver(store)
        }
        #expect(try await store.states().count < 15)
    }

    @Test func rememberedAnswersTakeRoomUntilTheirTimeIsOver() async throws {
        var limits = StoreLimits()
        limits.bytes = 4000
        let store = try files.open(limits: limits)
        try await answer(.push("1"), byteCount: 1600, store)
        await #expect(throws: StoreError.full) { try await store.begin(.push("2"), idempotent: false) }
        files.pass(.seconds(3600))
        _ = try await store.expire()
        #expect(try await store.begin(.push("2"), idempotent: false) == .begun)
    }

    private func answer(_ key: DeliveryKey, byteCount: Int, _ store: some DeliveryStore) async throws {
        #expect(try await store.begin(key, idempotent: false) == .begun)
        let body = [UInt8](repeating: 1, count: byteCount)
        try await store.end(key, .answered(StoredAnswer(status: 200, headerLines: [], body: body)))
    }

    // Whoever may call a function can have answers remembered; that must not keep webhooks out.
    @Test func rememberedAnswersTakeAtMostHalfOfTheRoom() async throws {
        var limits = StoreLimits()
        limits.bytes = 10_000
        let store = try files.open(limits: limits)
        for number in 1...2 { try await answer(.push("\(number)"), byteCount: 2000, store) }
        try await answer(.push("3"), byteCount: 0, store)
        await #expect(throws: StoreError.full) { try await store.begin(.push("4"), idempotent: false) }
        let payload = String(repeating: "x", count: 3500)
        #expect(try await store.accept(.hello("a", payload: payload), as: nil) == .stored)
    }

    @Test func anAnswerForWhichThereIsNoRoomIsNotKeptAndDoesNotRunAgain() async throws {
        var limits = StoreLimits()
        limits.bytes = 10_000
        let store = try files.open(limits: limits)
        try await answer(.push("1"), byteCount: 4000, store)
        try await answer(.push("2"), byteCount: 4000, store)
        #expect(try await store.begin(.push("2"), idempotent: false) == .unknown)
        guard case .answered = try await store.begin(.push("1"), idempotent: false) else {
            Issue.record("the first answer is lost")
            return
        }
    }

    @Test func forgetsWhatWasSettledLongAgoAndNeverWhatWaits() async throws {
        var limits = StoreLimits()
        limits.keepDays = 1
        let store = try files.open(limits: limits)
        for id in ["dead", "done"] { _ = try await store.accept(.hello(id), as: nil) }
        let claims = try await store.claim(.function, upTo: 2)
        try await store.finish(claims[0], .dead(AttemptOutcome(code: "X")))
        try await store.finish(claims[1], .done(AttemptOutcome(code: "OK")))
        _ = try await store.accept(.hello("waiting"), as: nil)
        files.pass(.seconds(86_399))
        #expect(try await store.expire().isEmpty)
        files.pass(.seconds(1))
        #expect(try await store.expire().map(\.id) == ["dead"])
        #expect(try await store.states() == ["waiting": .waiting])
    }

    @Test func aClockThatWasSetBackHoldsNothingUp() async throws {
        func failAndEndTheRelay() async throws {
            let store = try files.open()
            _ = try await store.accept(.hello("a"), as: .push("1", rememberSeconds: 60))
            let claim = try #require(try await store.claim(.function, upTo: 1).first)
            try await store.finish(claim, .again(AttemptOutcome(code: "X"), after: .seconds(30)))
        }
        try await failAndEndTheRelay()
        files.pass(.seconds(-86_400 * 365))
        let store = try files.open()
        #expect(try await store.accept(.hello("b"), as: .push("1")) == .known(callId: "a"))
        #expect(try await store.claimIds(upTo: 1) == ["a"])
        files.pass(.seconds(60))
        #expect(try await store.accept(.hello("b"), as: .push("1")) == .stored, "remembered for a minute, not a year")
    }
}
