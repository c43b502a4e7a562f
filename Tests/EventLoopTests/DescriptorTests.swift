// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import Testing

@Suite(.timeLimit(.minutes(5)))
struct DescriptorTests {
    let loop: EventLoop

    init() throws {
        loop = try EventLoop()
    }

    private func watch(
        _ descriptor: Int32, for interest: Readiness, handler: @escaping EventLoop.ReadinessHandler
    ) async throws {
        let loop = loop
        try await loop.run { Result { try loop.watch(descriptor, for: interest, handler: handler) } }.get()
    }

    @Test func aHandlerIsToldWhatItsDescriptorIsReadyFor() async throws {
        let pipe = try Pipe()
        let seen = Shared<[Readiness]>([])
        let called = Signal()
        let loop = loop
        try await watch(pipe.readEnd, for: .readable) { readiness in
            seen.change { $0.append(readiness) }
            pipe.drain()
            if readiness.contains(.hungUp) { loop.unwatch(pipe.readEnd) }
            called.give()
        }
        await loop.turn()
        #expect(seen.current == [])
        pipe.write()
        await called.wait()
        pipe.write()
        await called.wait()
        close(pipe.writeEnd)
        await called.wait()
        #expect(seen.current == [.readable, .readable, .hungUp])
        #expect(await loop.run { !loop.isWatching(pipe.readEnd) })
        close(pipe.readEnd)
    }

    @Test func interestChanges() async throws {
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        pipe.fill()
        let calls = Shared(0)
        let called = Signal()
        let loop = loop
        try await watch(pipe.writeEnd, for: []) { readiness in
            #expect(readiness == .writable)
            calls.change { $0 += 1 }
            loop.setInterest([], of: pipe.writeEnd)
            called.give()
        }
        pipe.drain()
        await loop.turn()
        // Writable, but nobody asked.
        #expect(calls.current == 0)
        await loop.run { loop.setInterest(.writable, of: pipe.writeEnd) }
        await called.wait()
        await loop.turn()
        #expect(calls.current == 1)
        // Of a descriptor that is not watched: nothing.
        await loop.run {
            loop.setInterest(.readable, of: 4000)
            loop.unwatch(pipe.writeEnd)
        }
    }

    @Test func anUnwatchedDescriptorIsSilentAndCanBeWatchedAgain() async throws {
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        let seen = Shared<[String]>([])
        let called = Signal()
        let loop = loop
        try await watch(pipe.readEnd, for: .readable) { _ in seen.change { $0.append("first") } }
        await loop.run {
            loop.unwatch(pipe.readEnd)
            loop.unwatch(pipe.readEnd)
            loop.unwatch(4000)
        }
        pipe.write()
        await loop.turn()
        #expect(seen.current == [])
        try await watch(pipe.readEnd, for: .readable) { _ in
            seen.change { $0.append("second") }
            pipe.drain()
            called.give()
        }
        await called.wait()
        #expect(seen.current == ["second"])
    }

    @Test func watchingTwiceOrWhatCannotBeWatchedIsAnError() async throws {
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        try await watch(pipe.readEnd, for: .readable) { _ in }
        await #expect(throws: SystemError("epoll_ctl", number: EEXIST)) {
            try await watch(pipe.readEnd, for: .readable) { _ in }
        }
        await #expect(throws: SystemError("epoll_ctl", number: EBADF)) { try await watch(-1, for: .readable) { _ in } }
        let loop = loop
        #expect(await loop.run { loop.isWatching(pipe.readEnd) && !loop.isWatching(pipe.writeEnd) })
    }

    /// Both are ready in the same batch; whichever handler runs first takes the other out.
    @Test func aHandlerThatUnwatchesAnotherReadyDescriptorIsHeeded() async throws {
        let pipes = [try Pipe(), try Pipe()]
        let calls = Shared(0)
        let loop = loop
        try await loop.run {
            Result {
                for index in 0..<2 {
                    pipes[index].write()
                    try loop.watch(pipes[index].readEnd, for: .readable) { _ in
                        calls.change { $0 += 1 }
                        loop.unwatch(pipes[0].readEnd)
                        loop.unwatch(pipes[1].readEnd)
                    }
                }
            }
        }.get()
        await loop.turn()
        #expect(calls.current == 1)
        for pipe in pipes { pipe.closeBoth() }
    }

    /// Both are ready in the same batch; the first handler closes the other and opens something with the same number.
    @Test func aLateEventDoesNotReachANewDescriptorWithTheSameNumber() async throws {
        let pipes = [try Pipe(), try Pipe()]
        let fresh = try Pipe()
        let old = Shared(0)
        let new = Shared<[Readiness]>([])
        let reused = Shared<Int32>(-1)
        let called = Signal()
        let loop = loop
        try await loop.run {
            Result {
                for index in 0..<2 {
                    let other = pipes[1 - index].readEnd
                    pipes[index].write()
                    try loop.watch(pipes[index].readEnd, for: .readable) { _ in
                        old.change { $0 += 1 }
                        loop.unwatch(pipes[index].readEnd)
                        loop.unwatch(other)
                        // Closes `other` and gives its number to the end of an empty pipe.
                        dup2(fresh.readEnd, other)
                        reused.change { $0 = other }
                        #expect(throws: Never.self) {
                            try loop.watch(other, for: .readable) { readiness in
                                new.change { $0.append(readiness) }
                                fresh.drain()
                                called.give()
                            }
                        }
                    }
                }
            }
        }.get()
        await loop.turn()
        #expect(old.current == 1)
        #expect(new.current == [])
        fresh.write()
        await called.wait()
        #expect(new.current == [.readable])
        await loop.run { loop.unwatch(reused.current) }
        for pipe in pipes + [fresh] { pipe.closeBoth() }
    }

    @Test func aListenerThatTwoLoopsWatchIsSharedOut() async throws {
        let pipe = try Pipe()
        defer { pipe.closeBoth() }
        let other = try EventLoop(index: 1)
        let calls = Shared(0)
        let called = Signal()
        for loop in [loop, other] {
            try await loop.run {
                Result {
                    try loop.watch(pipe.readEnd, for: .readable, exclusive: true) { _ in
                        calls.change { $0 += 1 }
                        pipe.drain()
                        called.give()
                    }
                }
            }.get()
        }
        for _ in 0..<100 {
            pipe.write()
            await called.wait()
        }
        #expect(calls.current >= 100)
        for loop in [loop, other] { await loop.run { loop.unwatch(pipe.readEnd) } }
        other.stop()
    }
}
