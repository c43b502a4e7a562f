// SPDX-License-Identifier: Apache-2.0

import EventLoop
import TencentCloud
import Testing

@testable import Relay

/// A rate that changes while calls come: what a reload of the configuration does.
@Suite("Pacing, changed", .timeLimit(.minutes(5)))
struct PacerChangeTests {
    struct Change: CustomTestStringConvertible {
        let old: Int
        let new: Int

        var testDescription: String { "\(old) to \(new)" }
    }

    static let changes = [
        Change(old: 20, new: 20), Change(old: 20, new: 5), Change(old: 5, new: 20), Change(old: 1, new: 3),
        Change(old: 7, new: 1), Change(old: 20, new: 19), Change(old: 0, new: 4), Change(old: 4, new: 0),
    ]

    /// More than enough calls come every 10 ms; the rate changes in the middle of the second.
    @Test(
        "No second has more starts than the larger rate, and after the change none more than the new one",
        arguments: changes)
    func starts(change: Change) async {
        let calls = PacedCalls(perSecond: change.old, longestWait: .zero)
        for step in 0..<400 {
            let time = Duration.milliseconds(10 * step)
            await calls.run(until: time)
            if step == 150 { calls.pacer.change(perSecond: change.new, longestWait: .zero) }
            await calls.arrive()
        }
        let starts = calls.outcomes.compactMap { outcome -> Duration? in
            if case .started(let time) = outcome { time } else { nil }
        }
        func expect(atMost rate: Int, in part: [Duration]) {
            guard rate > 0, part.count > rate else { return }
            for (first, last) in zip(part, part.dropFirst(rate)) { #expect(last - first >= .seconds(1)) }
        }
        if change.old > 0 { expect(atMost: change.old, in: starts.filter { $0 < .milliseconds(1500) }) }
        if change.old > 0, change.new > 0 { expect(atMost: max(change.old, change.new), in: starts) }
        // A second that ends after the change holds to the new rate, as far as what had started before allows.
        expect(atMost: change.new, in: starts.filter { $0 >= .milliseconds(1500) })
        // And all that is allowed does start.
        let last = starts.filter { $0 >= .milliseconds(2600) && $0 < .milliseconds(3600) }.count
        #expect(last == (change.new == 0 ? 100 : change.new))
    }

    @Test("A change to the same rate lets no call start that would have waited")
    func noDoubling() async {
        let calls = PacedCalls(perSecond: 20, longestWait: .seconds(5))
        for _ in 0..<40 { await calls.arrive() }
        for _ in 0..<10 { calls.pacer.change(perSecond: 20, longestWait: .seconds(5)) }
        await calls.settle()
        #expect(calls.outcomes.count { $0 == .started(.zero) } == 20)
        await calls.run(until: .seconds(2))
        #expect(calls.outcomes.count { $0 == .started(.seconds(1)) } == 20)
    }

    @Test("Those that wait are not refused when the rate falls, and keep their order")
    func waitingThrough() async {
        let calls = PacedCalls(perSecond: 4, longestWait: .seconds(2))
        for _ in 0..<12 { await calls.arrive() }
        calls.pacer.change(perSecond: 2, longestWait: .zero)
        await calls.arrive()
        await calls.run(until: .seconds(10))
        let times = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4].map { PacedCalls.Outcome.started(.seconds($0)) }
        #expect(calls.outcomes.dropLast().map { $0 } == times)
        guard case .refused = calls.outcomes.last else {
            Issue.record("who comes after the change waits by the new bound")
            return
        }
    }

    @Test("When pacing is switched off, whoever waits starts")
    func switchedOff() async {
        let calls = PacedCalls(perSecond: 1, longestWait: .seconds(60))
        for _ in 0..<30 { await calls.arrive() }
        calls.pacer.change(perSecond: 0, longestWait: .seconds(60))
        await calls.settle()
        #expect(calls.outcomes.allSatisfy { $0 == .started(.zero) })
        #expect(calls.pacer.waitingCalls == 0)
    }
}
