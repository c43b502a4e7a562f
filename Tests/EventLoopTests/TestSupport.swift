// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import Synchronization

/// Something that readiness handlers, tasks and tests share.
final class Shared<Value: Sendable>: Sendable {
    private let value: Mutex<Value>

    init(_ value: Value) {
        self.value = Mutex(value)
    }

    var current: Value { value.withLock { $0 } }

    func change<Result: Sendable>(_ body: @Sendable (inout Value) -> Result) -> Result {
        value.withLock { value in body(&value) }
    }
}

/// A signal that one side gives and the other waits for.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func give() {
        continuation.yield()
    }

    /// Waits until it has been given `count` times more.
    func wait(_ count: Int = 1) async {
        var left = count
        for await _ in stream {
            left -= 1
            if left == 0 { return }
        }
    }
}

/// A pipe that never blocks.
struct Pipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw SystemError("pipe") }
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    func write() {
        var byte: UInt8 = 7
        Glibc.write(writeEnd, &byte, 1)
    }

    /// Fills it up, so that it is no longer writable.
    func fill() {
        let block = [UInt8](repeating: 0, count: 4096)
        while Glibc.write(writeEnd, block, block.count) > 0 {}
    }

    /// Empties it.
    func drain() {
        var block = [UInt8](repeating: 0, count: 65_536)
        while Glibc.read(readEnd, &block, block.count) > 0 {}
    }

    func closeBoth() {
        close(readEnd)
        close(writeEnd)
    }
}

extension EventLoop {
    /// Runs `body` on the loop's thread and waits for its result.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            execute { continuation.resume(returning: body()) }
        }
    }

    /// Waits until the loop has gone round once more, so that what was ready has been dispatched.
    func turn() async {
        for _ in 0..<2 { await run {} }
    }
}
