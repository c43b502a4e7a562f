// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import Testing

/// An actor that lives on a loop.
private actor Counter {
    let loop: EventLoop
    private(set) var count = 0

    init(loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    func add() -> Bool {
        count += 1
        return loop.isCurrent
    }

    func addAfter(_ other: Counter) async -> Bool {
        let there = await other.add()
        count += 1
        return there && loop.isCurrent
    }

    nonisolated func addAtOnce() {
        assumeIsolated { $0.count += 1 }
    }
}

@Suite(.timeLimit(.minutes(5)))
struct ExecutorTests {
    let loop: EventLoop

    init() throws {
        loop = try EventLoop(index: 3)
    }

    @Test func aTaskStaysOnItsLoopOverSuspensions() async {
        let loop = loop
        let task = Task(executorPreference: loop) {
            var places = [EventLoop.current === loop]
            await Task.yield()
            places.append(loop.isCurrent)
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<10 { group.addTask { loop.isCurrent } }
                for await place in group { places.append(place) }
            }
            try? await Task.sleep(for: .nanoseconds(1))
            places.append(loop.isCurrent)
            return places
        }
        #expect(await task.value == [Bool](repeating: true, count: 13))
        #expect(!loop.isCurrent)
        #expect(EventLoop.current == nil)
    }

    @Test func anActorRunsOnItsLoop() async throws {
        let counter = Counter(loop: loop)
        let other = Counter(loop: try EventLoop(index: 4))
        #expect(await counter.add())
        #expect(await counter.addAfter(other))
        #expect(await counter.count == 2)
        #expect(await other.count == 1)
        other.loop.stop()
    }

    @Test func anActorOfTheLoopIsEnteredWithoutAHop() async throws {
        let counter = Counter(loop: loop)
        let fired = Signal()
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        let loop = loop
        // From a closure, from a timer, from a readiness handler.
        try await loop.run {
            counter.addAtOnce()
            let timer = loop.makeTimer {
                counter.addAtOnce()
                fired.give()
            }
            timer.deadline = .now
            return Result {
                try loop.watch(pipe.readEnd, for: .readable) { _ in
                    counter.addAtOnce()
                    loop.unwatch(pipe.readEnd)
                    fired.give()
                }
            }
        }.get()
        pipe.write()
        await fired.wait(2)
        #expect(await counter.count == 3)
    }

    @Test func anActorOfTheLoopIsNotEnteredFromElsewhere() async {
        await #expect(processExitsWith: .failure) {
            let counter = Counter(loop: try EventLoop())
            counter.addAtOnce()
        }
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            loop.unwatch(0)
        }
    }

    @Test func closuresOfOneProducerRunInOrder() async {
        let seen = Shared<[Int: [Int]]>([:])
        let loop = loop
        let each = 2000
        await withTaskGroup(of: Void.self) { group in
            for producer in 0..<8 {
                group.addTask {
                    for number in 0..<each {
                        loop.execute { seen.change { $0[producer, default: []].append(number) } }
                    }
                    await loop.run {}
                }
            }
        }
        for producer in 0..<8 { #expect(seen.current[producer] == Array(0..<each)) }
    }

    @Test func jobsAndClosuresFromManyThreadsAllRun() async {
        let counter = Counter(loop: loop)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<5000 { group.addTask { await counter.add() } }
            for await onLoop in group { #expect(onLoop) }
        }
        #expect(await counter.count == 5000)
    }

    @Test func aBusyTaskLeavesSocketsTheirTurn() async throws {
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        let isReady = Shared(false)
        let loop = loop
        try await loop.run {
            Result {
                try loop.watch(pipe.readEnd, for: .readable) { _ in
                    isReady.change { $0 = true }
                    loop.unwatch(pipe.readEnd)
                }
            }
        }.get()
        let task = Task(executorPreference: loop) {
            pipe.write()
            while !isReady.current { await Task.yield() }
        }
        await task.value
    }

    @Test func stopRunsWhatIsQueuedAndNothingLater() async {
        let seen = Shared<[Int]>([])
        let ended = Signal()
        let loop = loop
        let counter = Counter(loop: loop)
        await loop.run {
            // All of it in one turn: the loop is busy here meanwhile.
            for number in 0..<3 { loop.execute { seen.change { $0.append(number) } } }
            Task(executorPreference: loop) {
                _ = await counter.add()
                ended.give()
            }
            loop.stop()
        }
        await ended.wait()
        // The task's end and the closures come from two queues: which is first does not matter.
        for _ in 0..<10_000 where seen.current.count < 3 { await Task.yield() }
        #expect(seen.current == [0, 1, 2])
        loop.execute { seen.change { $0.append(99) } }
        #expect(seen.current == [0, 1, 2])
    }

    @Test func aGroupKnowsItsLoops() async throws {
        let group = try EventLoopGroup(count: 2)
        defer { group.stop() }
        #expect(group.loops.map(\.index) == [0, 1])
        #expect(group.current === group.loops[0])
        for loop in group.loops { #expect(await loop.run { group.current === loop }) }
        // A loop of another group with the same index is a stranger.
        let stranger = try EventLoop(index: 1)
        #expect(await stranger.run { group.current === group.loops[0] })
        #expect(try EventLoopGroup(count: 0).loops.count == 1)
        #expect(try EventLoopGroup().loops.count >= 1)
    }

    @Test func anIdleLoopUsesNoProcessorTime() async throws {
        let loop = loop
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        @Sendable func threadTime() -> Int {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return time.tv_sec * 1_000_000_000 + time.tv_nsec
        }
        // Even with a far timer, and a watch that has nothing to say.
        try await loop.run {
            loop.makeTimer {}.deadline = .now + .seconds(3600)
            return Result { try loop.watch(pipe.readEnd, for: .readable) { _ in } }
        }.get()
        await loop.turn()
        let before = await loop.run(threadTime)
        // What is measured is a span of time, so some has to pass.
        try await Task.sleep(for: .milliseconds(300))
        let used = await loop.run(threadTime) - before
        #expect(used < 100_000_000)
    }
}
