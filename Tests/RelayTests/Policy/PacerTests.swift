// SPDX-License-Identifier: Apache-2.0

import EventLoop
import TencentCloud
import Testing

@testable import Relay

@Suite("Pacing", .timeLimit(.minutes(5)))
struct PacerTests {
    /// How calls arrive: gaps between them, in milliseconds.
    enum Traffic: String, CaseIterable {
        case burst, trickle, random, bursts, overload

        func gaps() -> [Int] {
            var generator = SeededGenerator(seed: 20_180_416)
            return switch self {
            case .burst: Array(repeating: 0, count: 40)
            case .trickle: Array(repeating: 150, count: 40)
            case .random: (0..<120).map { _ in Int.random(in: 0...200, using: &generator) }
            case .bursts: (0..<120).map { $0.isMultiple(of: 15) ? 1900 : Int.random(in: 0...3, using: &generator) }
            case .overload: (0..<150).map { _ in Int.random(in: 0...20, using: &generator) }
            }
        }
    }

    @Test(
        "Calls start in the order of arrival, as early as the rate allows, or are refused at once",
        arguments: Traffic.allCases, [1, 7, 20])
    func model(traffic: Traffic, perSecond: Int) async {
        let longestWait = Duration.seconds(3)
        let calls = PacedCalls(perSecond: perSecond, longestWait: longestWait)
        var arrival = Duration.zero
        var starts: [Duration] = []
        var expected: [PacedCalls.Outcome] = []
        for gap in traffic.gaps() {
            arrival += .milliseconds(gap)
            await calls.run(until: arrival)
            await calls.arrive()

            let free = starts.count < perSecond ? .zero : starts[starts.count - perSecond] + .seconds(1)
            let start = max(arrival, free)
            if start - arrival <= longestWait {
                starts.append(start)
                expected.append(.started(start))
            } else {
                let excess = start - arrival - longestWait
                let (seconds, attoseconds) = excess.components
                expected.append(.refused(retryAfterSeconds: Int(seconds) + (attoseconds > 0 ? 1 : 0)))
            }
        }
        await calls.run(until: arrival + .seconds(200))
        #expect(calls.outcomes == expected)
    }

    @Test("A retry exactly after Retry-After is admitted", arguments: [0, 1, 5])
    func retryAfter(longestWait: Int) async throws {
        let calls = PacedCalls(perSecond: 3, longestWait: .seconds(longestWait))
        for _ in 0..<(3 * (longestWait + 1)) { await calls.arrive() }
        await calls.run(until: .milliseconds(300))
        await calls.arrive()
        let refusal = try #require(calls.outcomes.last ?? nil)
        guard case .refused(let seconds?) = refusal else {
            Issue.record("\(refusal)")
            return
        }
        #expect(seconds == 1)
        await calls.run(until: .milliseconds(300) + .seconds(seconds))
        await calls.arrive()
        await calls.run(until: .seconds(20))
        guard case .started = calls.outcomes.last else {
            Issue.record("the retry was refused")
            return
        }
    }

    @Test("Whoever leaves while waiting gives the turn to the next")
    func cancellation() async {
        let calls = PacedCalls(perSecond: 1, longestWait: .seconds(10))
        await calls.arrive()
        let leaving = await calls.arrive()
        await calls.arrive()
        await calls.arrive()
        leaving.cancel()
        await leaving.value
        #expect(calls.pacer.waitingCalls == 2)
        await calls.run(until: .seconds(9))
        #expect(
            calls.outcomes == [.started(.zero), .cancelled, .started(.seconds(1)), .started(.seconds(2))])
    }

    @Test("Whoever has left before waiting takes no turn")
    func cancelledBefore() async {
        let calls = PacedCalls(perSecond: 1, longestWait: .seconds(10))
        await calls.arrive()
        calls.launch(cancelled: true)
        await calls.settle()
        await calls.arrive()
        await calls.run(until: .seconds(3))
        #expect(calls.outcomes == [.started(.zero), .cancelled, .started(.seconds(1))])
    }

    @Test("All leave, and the pacer paces on")
    func allLeave() async {
        let calls = PacedCalls(perSecond: 2, longestWait: .seconds(10))
        var tasks: [Task<Void, Never>] = []
        for _ in 0..<8 { tasks.append(await calls.arrive()) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        await calls.run(until: .milliseconds(2500))
        await calls.arrive()
        #expect(calls.outcomes.last == .started(.milliseconds(2500)))
        #expect(calls.pacer.waitingCalls == 0)
    }

    @Test("0 means no pacing")
    func off() async throws {
        let pacer = Pacer(perSecond: 0, longestWait: .zero)
        for _ in 0..<10_000 { try await pacer.takeTurn() }
        #expect(pacer.waitingCalls == 0)
    }

    @Test("Of hundreds of calls at once, exactly those are taken that fit, some leaving meanwhile")
    func concurrency() async {
        let calls = PacedCalls(perSecond: 20, longestWait: .seconds(5))
        let tasks = (0..<400).map { _ in calls.launch() }
        await calls.settle()
        #expect(calls.outcomes.count { $0 == .started(.zero) } == 20)
        #expect(calls.pacer.waitingCalls == 100)
        #expect(calls.outcomes.count { $0 == .refused(retryAfterSeconds: 1) } == 280)

        // Half of those that wait leave, at the same time as the clock moves.
        let waiting = calls.outcomes.indices.filter { calls.outcomes[$0] == nil }
        let leaving = Task {
            for index in waiting where index.isMultiple(of: 2) { tasks[index].cancel() }
        }
        await calls.run(until: .seconds(6))
        await leaving.value
        await calls.settle()
        await calls.run(until: .seconds(12))
        for task in tasks { await task.value }

        #expect(calls.pacer.waitingCalls == 0)
        let starts = calls.outcomes.compactMap { outcome -> Duration? in
            guard case .started(let time) = outcome else { return nil }
            return time
        }.sorted()
        #expect(starts.count >= 20 + 100 - waiting.count { $0.isMultiple(of: 2) })
        #expect(zip(starts, starts.dropFirst(20)).allSatisfy { $1 - $0 >= .seconds(1) })
    }
}
