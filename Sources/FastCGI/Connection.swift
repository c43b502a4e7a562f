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
    /// The queue of closable connections that this one is in.
    var closable: Closable?
    /// Its place there.
    var queueLinks = ConnectionQueue.Links()

    private var output: [UInt8] = []
    private var written = 0

    init(id: UInt64, descriptor: Int32, reader: RequestReader) {
        self.id = id
        self.descriptor = descriptor
        self.reader = reader
    }

    /// A connection that may be closed to make room for another.
    enum Closable {
        /// Nothing has come on it yet.
        case silent
        /// It has been used, and waits for the next request.
        case idle
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

    /// Asks the web server to close the connection, which it keeps: an empty `FCGI_STDERR` record that no request asked for.
    ///
    /// Closing it here could cross with a request on its way, and a POST that was sent is never sent again. A web server
    /// that finds bytes on an idle connection gives it up: nginx at once, Apache before the next use. One that has just
    /// sent a request skips an empty record and waits for the answer, which comes.
    func queueDismissal() {
        Record.appendHeader(
            Record.Kind.standardError, requestId: max(reader.requestId, 1), contentLength: 0, to: &output)
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
