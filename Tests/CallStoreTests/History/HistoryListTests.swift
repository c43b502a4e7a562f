// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallStore

/// Calls are listed, found, filtered and turned over.
@Suite struct HistoryListTests {
    let files: TemporaryStore
    let start = 1_700_000_000_000

    init() throws { files = try TemporaryStore() }

    @Test func aCallComesBackAsItWasAdded() async throws {
        let history = try files.history()
        var detail = HistoryDetail.hello("a")
        detail.call.qualifier = "live"
        detail.call.region = "ap-shanghai"
        detail.call.routingKey = #"{"a":"b"}"#
        detail.call.hook = "push"
        detail.call.message = "why"
        detail.call.note = "again"
        detail.call.memorySize = 128
        detail.call.bytesIn = 5
        detail.call.bytesOut = 6
        var payload = HistoryPayload()
        payload.clientContext = KeptText(text: Array("{}".utf8), byteCount: 2)
        payload.retMsg = KeptText(text: Array("nul \0 and 中".utf8), byteCount: 99)
        detail.payload = payload
        try await history.add([detail])
        #expect(try await history.call("a") == detail)
        #expect(try await history.call("b") == nil)
        #expect(try await history.calls(HistoryFilter(), after: nil, limit: 10).calls == [detail.call])
    }

    @Test func aCallThatRanIsOneCallWhenItHasEnded() async throws {
        let history = try files.history()
        try await history.add([.hello("a", outcome: .running)])
        #expect(try await history.call("a")?.call.outcome == .running)
        try await history.add([.hello("a")])
        let listed = try await history.calls(HistoryFilter(), after: nil, limit: 10).calls
        #expect(listed == [HistoryDetail.hello("a").call])
    }

    @Test func anIdThatIsTakenChangesNothingOfTheCallThatHasIt() async throws {
        let history = try files.history()
        try await history.add([.hello("taken", outcome: .running), .hello("done")])
        var other = HistoryDetail.hello("taken", outcome: .failed, caller: "eve")
        other.call.requestId = "other"
        var again = HistoryDetail.hello("done", outcome: .failed, caller: "eve")
        again.call.requestId = "done"
        try await history.add([other, again])
        #expect(try await history.call("taken")?.call.outcome == .running)
        #expect(try await history.call("other")?.call.caller == "eve")
        #expect(try await history.call("done")?.call.caller == "ann")
        #expect(try await history.ids().count == 4)
    }

    @Test func pagesFollowOneAnotherWithoutGapOrRepetition() async throws {
        let history = try files.history()
        // Some in the same millisecond, and not added in the order of their time.
        let calls = (0..<50).map { HistoryDetail.hello("\($0)", at: start + ($0 * 7 % 20)) }
        try await history.add(calls)
        for filter in [HistoryFilter(), .with { $0.caller = "ann" }, .with { $0.idPrefix = "" }] {
            var (seen, place): ([String], HistoryPlace?) = ([], nil)
            repeat {
                let page = try await history.calls(filter, after: place, limit: 7)
                seen += page.calls.map(\.id)
                place = page.next
            } while place != nil
            #expect(seen.count == 50)
            #expect(Set(seen).count == 50)
            let times = seen.map { start + (Int($0) ?? 0) * 7 % 20 }
            #expect(times == times.sorted(by: >))
        }
    }

    @Test(arguments: [
        (HistoryFilter.with { $0.functionName = "job" }, ["c"]),
        (.with { $0.caller = "bob" }, ["b"]),
        (.with { $0.outcome = .failed }, ["c"]),
        (.with { $0.outcome = .refused }, ["d"]),
        (.with { $0.code = "UnauthorizedOperation.CAM" }, ["d"]),
        (.with { $0.door = "invoke" }, ["d", "c", "b", "a"]),
        (.with { $0.door = "hook" }, []),
        (.with { $0.namespace = "other" }, []),
        (
            .with {
                $0.from = 1_700_000_000_001; $0.to = 1_700_000_000_003
            }, ["c", "b"]
        ),
        (
            .with {
                $0.outcome = .ok; $0.caller = "bob"
            }, ["b"]
        ),
        (
            .with {
                $0.outcome = .ok; $0.from = 1_700_000_000_001
            }, ["b"]
        ),
        (.with { $0.idPrefix = "run-c" }, ["c"]),
        (.with { $0.idPrefix = "cloud-" }, ["c", "b", "a"]),
        (
            .with {
                $0.idPrefix = "cloud-"; $0.caller = "ann"
            }, ["c", "a"]
        ),
        (.with { $0.idPrefix = "%" }, []),
    ])
    func filtersGiveWhatTheySay(filter: HistoryFilter, ids: [String]) async throws {
        let history = try files.history()
        try await history.add([
            .hello("a", at: start), .hello("b", at: start + 1, caller: "bob"),
            .hello("c", at: start + 2, outcome: .failed, function: "job"),
            .hello("d", at: start + 3, outcome: .refused),
        ])
        #expect(try await history.ids(filter) == ids)
    }

    @Test func namesAreThoseThatOccur() async throws {
        let history = try files.history()
        try await history.add([.hello("a"), .hello("b", outcome: .refused, function: "job", caller: "bob")])
        var names = HistoryNames()
        names.functions = ["default/hello", "default/job"]
        names.callers = ["ann", "bob"]
        names.codes = ["OK", "UnauthorizedOperation.CAM"]
        #expect(try await history.names() == names)
    }
}

extension HistoryFilter {
    static func with(_ change: (inout HistoryFilter) -> Void) -> HistoryFilter {
        var filter = HistoryFilter()
        change(&filter)
        return filter
    }
}
