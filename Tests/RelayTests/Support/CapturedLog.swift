// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc
import Testing

@testable import Relay

/// A log whose lines a test reads: a pipe with a writer at its other end.
final class CapturedLog: Sendable {
    let writer: LogWriter
    private let readEnd: Int32
    private let writeEnd: Int32

    init() throws {
        (readEnd, writeEnd) = try Self.makePipe()
        writer = try LogWriter(descriptor: writeEnd)
    }

    deinit {
        // The writer's thread stays, without lines to write: those would go to whoever gets the descriptor next.
        writer.flush(withinMilliseconds: 20_000)
        close(readEnd)
        close(writeEnd)
    }

    /// The log as doors use it.
    var log: CallLog { CallLog(writer: writer, now: { 1_700_000_000 }) }

    /// What has been written since the last look.
    func lines() -> [String] {
        writer.flush(withinMilliseconds: 20_000)
        return String(decoding: Self.readAvailable(readEnd), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// A log that nobody reads, for tests that are not about it.
    static let discarded: CallLog = {
        do {
            return CallLog(writer: try LogWriter(descriptor: open("/dev/null", O_WRONLY)), now: { 1_700_000_000 })
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// A pipe; its read end does not block.
    static func makePipe() throws -> (readEnd: Int32, writeEnd: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0 else { throw SystemError("pipe") }
        return (ends[0], ends[1])
    }

    static func readAvailable(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(descriptor, &buffer, buffer.count), count > 0 { all += buffer.prefix(count) }
        return all
    }
}
