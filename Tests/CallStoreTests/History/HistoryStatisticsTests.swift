// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CallStore

/// Figures are those of the calls that were added.
@Suite struct HistoryStatisticsTests {
    let files: TemporaryStore
    /// Midnight.
    let start = 1_699_920_000_000

    init() throws { files = try TemporaryStore() }

    private func window(_ level: HistoryWindow.Level = .hour, pieces: Int = 24) -> HistoryWindow {
        HistoryWindow(level, pieces: pieces, endingAt: start + 3_600_000)
    }

    @Test func aWindowEndsWithThePieceOfNow() {
        let window = HistoryWindow(.hour, levelsAPiece: 6, pieces: 4, endingAt: start + 1)
        #expect(window.start == start - 3 * 6 * 3_600_000)
        #expect(window.end == start + 6 * 3_600_000)
    }

    @Test func outcomesAndTimesStandInTheirPiece() async throws {
        let history = try files.history()
        try await history.add(
            (1...100).map { .hello("\($0)", at: start + $0, milliseconds: $0) }
                + [
                    .hello("slow", at: start + 3_600_000, outcome: .failed, milliseconds: 5000),
                    .hello("no", at: start + 3_600_001, outcome: .refused, milliseconds: 90_000),
                    .hello("late", at: start + 7_200_000), .hello("early", at: start - 24 * 3_600_000),
                    .hello("runs", at: start, outcome: .running),
                ])
        let pieces = try await history.statistics(HistoryFilter(), in: window()).pieces
        #expect(pieces.count == 24)
        #expect(pieces.dropLast(2).allSatisfy { $0.outcomes.isEmpty && $0.times == nil })
        #expect(pieces[22].outcomes == [.ok: 100])
        let times = try #require(pieces[22].times)
        #expect((50_000...57_000).contains(times.half))
        #expect((95_000...100_000).contains(times.nineteenOfTwenty))
        #expect(times.longest == 100_000)
        #expect(pieces[23].outcomes == [.failed: 1, .refused: 1])
        let slow = HistoryStatistics.Times(calls: 1, half: 5_000_000, nineteenOfTwenty: 5_000_000, longest: 5_000_000)
        #expect(pieces[23].times == slow)
    }

    @Test(arguments: [Int.max, 1 << 40, 4_000_000_000_000_000, -1, .min])
    func noNumberOfACallIsTooMuch(number: Int) async throws {
        let history = try files.history()
        for turn in 0..<3 {
            let calls = (0..<200).map { place in
                var call = HistoryDetail.hello("\(turn).\(place)", at: start + place, function: "f\(place)")
                call.call.billDuration = number
                call.call.memUsage = number
                call.call.memorySize = place % 2 == 0 ? number : nil
                return call
            }
            try await history.add(calls)
        }
        let statistics = try await history.statistics(HistoryFilter(), in: window())
        #expect(statistics.functions.reduce(0) { $0 + $1.calls } == 600)
        #expect(statistics.functions.allSatisfy { $0.billDuration >= 0 && $0.bySize >= 0 && $0.byUsage >= 0 })
        #expect(number < 0 || statistics.callers[0].gigabyteSeconds > 0)
    }

    @Test func costIsBillDurationTimesMemory() async throws {
        let history = try files.history()
        var sized = HistoryDetail.hello("a", at: start)
        sized.call.memorySize = 512
        sized.call.billDuration = 2000
        let used = HistoryDetail.hello("b", at: start, outcome: .failed, function: "job", caller: "bob")
        try await history.add([sized, used, .hello("c", at: start, outcome: .refused, caller: "eve")])
        let statistics = try await history.statistics(HistoryFilter(), in: window())
        #expect(statistics.functions.map(\.name) == ["default/hello", "default/job"])
        #expect(statistics.functions[0].gigabyteSeconds == 1)
        #expect(statistics.functions[0].byUsage == 0)
        #expect(statistics.functions[1].byUsage == 300)
        #expect(statistics.functions[1].failed == 1)
        #expect(statistics.callers.map(\.name) == ["ann", "bob"])
        let ofBob = try await history.statistics(.with { $0.caller = "bob" }, in: window())
        #expect(ofBob.functions.map(\.name) == ["default/job"])
        #expect(ofBob.outcomes == [.failed: 1])
    }

    @Test func eachLevelCountsAllCalls() async throws {
        let history = try files.history()
        for batch in 0..<3 {
            try await history.add((0..<10).map { .hello("\(batch)-\($0)", at: start + $0 * 60_000) })
        }
        for level in HistoryWindow.Level.allCases {
            let statistics = try await history.statistics(HistoryFilter(), in: window(level, pieces: 30))
            #expect(statistics.outcomes == [.ok: 30], "\(level)")
        }
    }

    @Test func aHistogramComesBackFromItsBytes() {
        var histogram = TimeHistogram()
        for time in [1, 20, 20, 1_000_000, 86_400_000_000] { histogram.count(microseconds: time) }
        #expect(TimeHistogram(bytes: histogram.bytes) == histogram)
        #expect(TimeHistogram(bytes: []) == TimeHistogram())
    }

    @Test func binsAreNarrowAndInOrder() {
        var last = TimeHistogram.bin(of: 0)
        #expect(last == 0)
        var first = 1
        for time in 2...100_000 {
            let bin = TimeHistogram.bin(of: time)
            #expect(bin == last || bin == last + 1)
            if bin != last { (last, first) = (bin, time) }
            #expect(time * 8 <= first * 9 || time < first + 2)
        }
        #expect(TimeHistogram.bin(of: .max) == 486)
    }
}
