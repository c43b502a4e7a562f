// SPDX-License-Identifier: Apache-2.0

public import EventLoop
import Glibc
import Synchronization

/// Writes log lines to a descriptor from a thread of its own, so that a slow or stuck reader never delays a call.
///
/// Lines that come close together leave in one write. What does not fit in the bound is dropped, and the log says so.
/// Only that thread ever writes, so lines never mix.
public final class LogWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var dropped = 0
        var isFlushing = false
    }

    /// How long lines are gathered, so that busy times cost one write for many of them.
    private static let gatheringMicroseconds: UInt32 = 5000

    private let descriptor: Int32
    private let limit: Int
    private let formatNumber: Atomic<Int>
    private let lost = Atomic(0)
    private let state = Mutex(State())
    /// Whether the last byte written ended no line. Touched by the log's thread alone.
    private let isMidLine = Atomic(false)
    private let hasWork = LogSignal()
    private let isFlushed = LogSignal()

    /// Creates a writer and starts its thread, which lives as long as the process.
    ///
    /// - Parameters:
    ///   - descriptor: Where the lines go; standard error (2) unless said otherwise.
    ///   - limit: Bytes that may wait.
    ///   - format: How lines look.
    /// - Throws: `SystemError` where there is no thread to be had.
    public init(descriptor: Int32 = 2, limit: Int = 4 << 20, format: LogFormat = .json) throws(SystemError) {
        self.descriptor = descriptor
        self.limit = limit
        formatNumber = Atomic(format == .json ? 0 : 1)
        try DetachedThread.start(named: "log") { [self] in
            while true {
                hasWork.wait()
                usleep(Self.gatheringMicroseconds)
                writePending()
            }
        }
    }

    /// How lines look. May be changed at any time; whoever makes a line asks.
    public var format: LogFormat {
        get { formatNumber.load(ordering: .relaxed) == 0 ? .json : .text }
        set { formatNumber.store(newValue == .json ? 0 : 1, ordering: .relaxed) }
    }

    /// Lines that were lost since the start.
    var droppedLines: Int { lost.load(ordering: .relaxed) }

    /// Queues a line; the line break is added.
    public func write(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.pending.count + line.count < limit else {
                state.dropped += 1
                lost.add(1, ordering: .relaxed)
                return false
            }
            defer {
                state.pending += line
                state.pending.append(UInt8(ascii: "\n"))
            }
            return state.pending.isEmpty
        }
        if isFirst { hasWork.raise() }
    }

    /// Waits until what is queued is written; for the end of the program, and for one caller at a time.
    ///
    /// - Parameter milliseconds: How long at the most: a log that nobody reads must not keep a program from ending.
    public func flush(withinMilliseconds milliseconds: Int32 = 2000) {
        state.withLock { $0.isFlushing = true }
        hasWork.raise()
        _ = isFlushed.wait(milliseconds: milliseconds)
    }

    private func writePending() {
        let taken = state.withLock { state in
            defer { state = State() }
            return state
        }
        let unwritten = writeAll(taken.pending)
        lost.add(unwritten, ordering: .relaxed)
        var dropped = taken.dropped + unwritten
        if dropped > 0 { dropped = writeAll(notice(dropped: dropped)) > 0 ? dropped : 0 }
        // What could not even be told is told with the next lines.
        if dropped > 0 { state.withLock { $0.dropped += dropped } }
        if taken.isFlushing { isFlushed.raise() }
    }

    private func notice(dropped: Int) -> [UInt8] {
        let text = "\(dropped) log lines dropped: the log is read too slowly, or its disk is full"
        let line =
            format == .json
            ? #"{"level":"warning","message":"\#(text)"}"# : #"level=warning message="\#(text)""#
        return Array(line.utf8) + [UInt8(ascii: "\n")]
    }

    /// - Returns: How many lines could not be written.
    private func writeAll(_ bytes: [UInt8]) -> Int {
        guard !bytes.isEmpty else { return 0 }
        // A line that was cut off, on a full disk say, must not swallow the next one.
        let lineBreak = UInt8(ascii: "\n")
        var rest = (isMidLine.load(ordering: .relaxed) ? [lineBreak] + bytes : bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                if count > 0 { isMidLine.store(rest[rest.startIndex + count - 1] != lineBreak, ordering: .relaxed) }
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Standard error is shared: another program may have made it non-blocking.
                waitUntilWritable()
            } else if errno != EINTR {
                // Nobody reads any more, or the disk is full: the calls go on.
                return rest.count { $0 == lineBreak }
            }
        }
        return 0
    }

    private func waitUntilWritable() {
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&watched, 1, -1)
    }
}
