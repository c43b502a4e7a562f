// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc

/// A web server's end of a connection, on a blocking socket. It gives up after 20 s rather than to hang.
final class Peer: Sendable {
    let descriptor: Int32

    init(to path: String) throws {
        descriptor = try Self.socket(AF_UNIX)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        try connect(&address, MemoryLayout<sockaddr_un>.size)
    }

    init(toPort port: UInt16) throws {
        descriptor = try Self.socket(AF_INET)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        try connect(&address, MemoryLayout<sockaddr_in>.size)
    }

    deinit {
        Glibc.close(descriptor)
    }

    private static func socket(_ family: Int32) throws -> Int32 {
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        return descriptor
    }

    private func connect(_ address: UnsafeRawPointer, _ length: Int) throws {
        let status = Glibc.connect(descriptor, address.assumingMemoryBound(to: sockaddr.self), socklen_t(length))
        guard status == 0 else {
            let error = SystemError("connect")
            throw error
        }
    }

    /// Sends everything.
    func send(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SystemError("send") }
            offset += count
        }
    }

    /// Sends as much as there is room for.
    ///
    /// - Returns: `nil` where there is none for that many milliseconds.
    func sendWhatFits(_ bytes: [UInt8], within milliseconds: Int32) -> Int? {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&wanted, 1, milliseconds) > 0 else { return nil }
        let count = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        return count < 0 ? nil : count
    }

    /// - Returns: Nothing at the end.
    func receive(upTo count: Int = 65_536) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = recv(descriptor, &buffer, count, 0)
        guard received >= 0 else { throw SystemError("recv") }
        return Array(buffer.prefix(received))
    }

    /// Whether the server has closed the connection; waits for it, and fails where it sends something instead.
    func isClosed() throws -> Bool {
        do {
            return try receive().isEmpty
        } catch let error as SystemError where error.number == ECONNRESET {
            return true
        }
    }

    /// Closes the connection, as a web server does that is asked to.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Whether the server asks for the connection's end, and sends nothing else.
    func isDismissed() throws -> Bool {
        try records(upTo: Wire.error) == [.dismissal]
    }

    /// An answer with which the server asks for the connection's end.
    func lastResponse() throws -> WireResponse {
        var records = try records(upTo: Wire.error)
        guard records.popLast() == .dismissal, let response = WireResponse(records) else {
            throw SystemError("no last response", number: EPROTO)
        }
        return response
    }

    /// Whether there is nothing to read now.
    var isSilent: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }

    /// Reads records up to and with the one of kind `last`.
    func records(upTo last: UInt8 = Wire.end) throws -> [WireRecord] {
        var bytes: [UInt8] = []
        var records: [WireRecord] = []
        while records.last?.kind != last {
            let piece = try receive()
            guard !piece.isEmpty else { throw SystemError("the server closed", number: ECONNRESET) }
            bytes += piece
            records += WireRecord.take(from: &bytes)
        }
        guard bytes.isEmpty else { throw SystemError("bytes behind the last record", number: EPROTO) }
        return records
    }

    func response(id: Int = 1) throws -> WireResponse {
        guard let response = WireResponse(try records(), id: id) else {
            throw SystemError("no response", number: EPROTO)
        }
        return response
    }

    /// Sends a request and reads its answer.
    func ask(_ parameters: [(String, String)] = [], body: [UInt8] = [], keep: Bool = true) throws -> WireResponse {
        try send(Wire.request(parameters, body: body, keep: keep))
        return try response()
    }
}

/// Runs what blocks on a thread of its own.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
