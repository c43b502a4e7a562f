// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Relay

@Suite("The log's writer", .timeLimit(.minutes(5)))
struct LogWriterTests {
    @Test("Lines arrive whole and in order, whoever writes them")
    func order() async throws {
        let log = try CapturedLog()
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask { for line in 0..<100 { log.writer.write(Array("\(writer) \(line)".utf8)) } }
            }
        }
        let lines = log.lines()
        #expect(lines.count == 400)
        for writer in 0..<4 {
            #expect(lines.filter { $0.hasPrefix("\(writer) ") } == (0..<100).map { "\(writer) \($0)" })
        }
    }

    @Test("Flushing is enough to find all lines written, also without any")
    func flush() throws {
        let log = try CapturedLog()
        #expect(log.lines().isEmpty)
        for line in 0..<50 {
            log.writer.write(Array("line \(line)".utf8))
            #expect(log.lines() == ["line \(line)"])
        }
    }

    @Test("A reader that is stuck delays nobody; what does not fit is dropped, and the log says so")
    func stuckReader() async throws {
        let (readEnd, writeEnd) = try CapturedLog.makePipe()
        defer { close(readEnd) }
        let limit = 10_000
        let writer = try LogWriter(descriptor: writeEnd, limit: limit)
        let line = Array(repeating: UInt8(ascii: "x"), count: 99)

        // Until the pipe is full, and the thread is stuck in it.
        var written = 0
        while Self.spaceIsLeft(writeEnd) {
            writer.write(line)
            written += 1
            await Task.yield()
        }
        // This would never return if it waited for the reader.
        for _ in 0..<1000 { writer.write(line) }
        written += 1000
        writer.flush(withinMilliseconds: 50)

        // Every line either arrives or is counted in a notice.
        var bytes: [UInt8] = []
        var arrived = 0
        var dropped = 0
        await eventually("all lines are accounted for") {
            let more = CapturedLog.readAvailable(readEnd)
            guard !more.isEmpty else { return false }
            bytes += more
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            arrived = lines.count { $0.utf8.count == line.count && $0.hasPrefix("x") }
            dropped = lines.compactMap { $0.firstMatch(of: /"message":"([0-9]+) log lines dropped/)?.output.1 }
                .compactMap { Int($0) }.reduce(0, +)
            return arrived + dropped == written
        }
        #expect(dropped >= 1000 - limit / 100)
        // The writer goes on.
        writer.write(Array("after".utf8))
        await eventually("the next line comes") {
            String(decoding: CapturedLog.readAvailable(readEnd), as: UTF8.self).contains("after\n")
        }
        close(writeEnd)
    }

    @Test("A descriptor that does not block loses nothing")
    func nonBlocking() async throws {
        let (readEnd, writeEnd) = try CapturedLog.makePipe()
        defer { close(readEnd) }
        #expect(fcntl(writeEnd, F_SETFL, O_NONBLOCK) == 0)
        let writer = try LogWriter(descriptor: writeEnd)
        let line = Array(repeating: UInt8(ascii: "y"), count: 999)
        for _ in 0..<500 { writer.write(line) }
        var bytes = 0
        await eventually("everything arrives") {
            bytes += CapturedLog.readAvailable(readEnd).count
            return bytes == 500 * 1000
        }
        close(writeEnd)
    }

    @Test("A log that nobody reads any more harms nobody")
    func noReader() throws {
        signal(SIGPIPE, SIG_IGN)
        let (readEnd, writeEnd) = try CapturedLog.makePipe()
        close(readEnd)
        let writer = try LogWriter(descriptor: writeEnd)
        for _ in 0..<100 {
            writer.write(Array("lost".utf8))
            writer.flush()
        }
        close(writeEnd)
    }

    /// Whether the pipe still takes the shortest write.
    private static func spaceIsLeft(_ descriptor: Int32) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&watched, 1, 0) > 0
    }
}
