// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Glibc

/// One connection of a web server: its descriptor, what has been read of a request, what is still to be written.
///
/// It belongs to one `ConnectionLoop`, which alone touches it.
final class Connection {
    let id: UInt64
    let descriptor: Int32
    var reader: RequestReader
    /// The handler at work on this connection's request.
    var task: Task<Void, Never>?
    /// When the loop gives the connection up; `nil` while a handler works, which has time limits of its own.
    var deadline: Monotonic?
    /// What ``deadline`` was set for; `nil` makes the time start again.
    var timedStage: Stage? = .idle
    /// Whether nothing has come yet: whoever has just connected is about to send.
    var isFresh = true
    var closesAfterWriting = false

    private var output: [UInt8] = []
    private var written = 0

    init(id: UInt64, descriptor: Int32, reader: RequestReader) {
        self.id = id
        self.descriptor = descriptor
        self.reader = reader
    }

    enum Stage {
        case reading, answering, writing
        /// None of these: kept by the web server for its next request.
        case idle
    }

    var stage: Stage {
        if hasOutput { return .writing }
        if task != nil { return .answering }
        return reader.isMidRequest ? .reading : .idle
    }

    var hasOutput: Bool { !output.isEmpty }

    enum ReadResult {
        case bytes(Int), nothingYet, ended
    }

    func read(into buffer: inout [UInt8]) -> ReadResult {
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 {
            isFresh = false
            return .bytes(count)
        }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .ended
    }

    func queue(_ bytes: [UInt8]) {
        if output.isEmpty { output = bytes } else { output += bytes }
    }

    func queue(_ response: Response) {
        response.appendRecords(requestId: reader.requestId, to: &output)
    }

    /// Writes as much as the socket takes.
    ///
    /// - Returns: How many bytes; `nil` where the other side is gone.
    func flush() -> Int? {
        let before = written
        while written < output.count {
            let count = output.withUnsafeBytes { bytes in
                // `written` is below the count, so there is a base address.
                send(
                    descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written,
                    Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN ? written - before : nil
            }
            written += count
        }
        defer {
            output = []
            written = 0
        }
        return written - before
    }
}
