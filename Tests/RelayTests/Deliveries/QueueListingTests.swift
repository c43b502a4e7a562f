// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallStore
@testable import Relay

/// What `scf-relay queue` prints, and what it refuses.
@Suite struct QueueListingTests {
    private let files: TestStore

    init() throws {
        files = try TestStore()
    }

    @Test(arguments: [
        (Int.min, false), (-1, false), (0, false), (1, true), (1000, true), (1_000_000, true), (1_000_001, false),
        (Int.max, false),
    ])
    func aLimitIsWithinItsRange(limit: Int, isRight: Bool) {
        let mistake = QueueListing.mistake(inLimit: limit)
        #expect((mistake == nil) == isRight)
        #expect(mistake?.contains("from 1 to 1,000,000") != false)
    }

    @Test(arguments: [(1, 1, true), (2, 2, true), (3, 3, false), (1000, 3, false)])
    func aListThatEndsBeforeItsEndSaysSo(limit: Int, listed: Int, hasMore: Bool) async throws {
        for id in ["a", "b", "c"] { _ = try await files.store.accept(.hello(id), as: nil) }
        let found = try await files.store.calls(in: CallState.allCases, after: 0, limit: limit + 1)
        let lines = QueueListing.table(found, limit: limit).split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.contains("default/hello") }.count == listed)
        #expect(lines.count == 1 + listed + (hasMore ? 1 : 0))
        #expect((lines.last == QueueListing.more(than: limit)) == hasMore)
    }

    @Test func anEmptyListSaysSo() {
        #expect(QueueListing.table([], limit: 1000) == "No calls.")
    }

    @Test func aDeliveredCallSaysThatItsPayloadIsGone() async throws {
        for id in ["first", "second", "third"] { _ = try await files.store.accept(.hello(id), as: nil) }
        let claims = try await files.store.claim(.function, upTo: 2)
        try await files.store.finish(claims[0], .done(AttemptOutcome(code: "OK")))
        try await files.store.finish(claims[1], .dead(AttemptOutcome(code: "ResourceNotFound")))
        let first = try #require(try await files.store.call("first"))
        #expect(QueueListing.whyPayloadIsGone(first) == "first is done: the payload of a delivered call is gone")
        for id in ["second", "third"] {
            let call = try #require(try await files.store.call(id))
            #expect(QueueListing.whyPayloadIsGone(call) == nil)
            #expect(call.payload == Array(#"{"n":1}"#.utf8))
        }
    }
}
