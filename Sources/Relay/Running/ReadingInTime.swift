// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization

/// Reading that is given up when it takes too long: a disk that is not answering, on a network perhaps, may hold a read for
/// ever. Nothing can end such a read, so it has a thread of its own, which is left behind until it is let go.
enum ReadingInTime {
    /// It was given up.
    struct TooLong: Error, CustomStringConvertible {
        let limit: Duration

        var description: String { "reading it takes longer than \(limit.components.seconds) s, and was given up" }
    }

    /// - Parameters:
    ///   - limit: How long to wait.
    ///   - read: Reads.
    /// - Returns: What `read` returns.
    /// - Throws: What `read` throws; ``TooLong``; `SystemError` where there is no thread to be had.
    static func value<Value: Sendable>(
        within limit: Duration, _ read: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let first = First<Value>()
        return try await withCheckedThrowingContinuation { continuation in
            first.wait(continuation)
            let timer = Task {
                try await Task.sleep(for: limit)
                first.end(.failure(TooLong(limit: limit)))
            }
            do {
                try DetachedThread.start(named: "configuration") {
                    first.end(Result { try read() })
                    timer.cancel()
                }
            } catch {
                timer.cancel()
                first.end(.failure(error))
            }
        }
    }

    /// Whoever waits is told what comes first, and nothing after that.
    private final class First<Value: Sendable>: Sendable {
        private let waiting = Mutex<CheckedContinuation<Value, any Error>?>(nil)

        func wait(_ continuation: CheckedContinuation<Value, any Error>) {
            waiting.withLock { $0 = continuation }
        }

        func end(_ result: Result<Value, any Error>) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(with: result)
        }
    }
}
