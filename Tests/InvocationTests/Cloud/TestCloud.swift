// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc
import Synchronization

/// A stand-in for the cloud on this machine: HTTP over blocking sockets, one thread for each connection, which answers
/// as a test tells it to.
final class TestCloud: Sendable {
    /// A request as it came.
    struct Call: Sendable {
        let requestLine: String
        let fields: [(name: String, value: String)]
        let body: [UInt8]

        /// The value of a header field, whatever the case of its name.
        func field(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    enum Reply: Sendable {
        /// A whole answer; `announced` is its Content-Length where that is a lie.
        case answer(String, status: Int = 200, fields: [String] = [], announced: Int? = nil)
        /// The connection is closed without a byte.
        case nothing
        /// No answer until the client leaves.
        case silence
    }

    let port: UInt16
    private let listener: Int32
    private let reply: @Sendable (_ call: Call, _ number: Int) -> Reply
    private let received = Mutex<[Call]>([])

    /// The calls that came in, in their order.
    var calls: [Call] { received.withLock { $0 } }

    /// Starts it. `reply` gives the reply to the call with that number, from 1.
    init(_ reply: @escaping @Sendable (_ call: Call, _ number: Int) -> Reply) throws {
        self.reply = reply
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { [self] in
                    serve(connection)
                    close(connection)
                }
            }
            close(listener)
        }
    }

    /// Takes no more connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// A port on which nobody listens.
    static func freePort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || Glibc.listen(descriptor, 128) != 0
                    || getsockname(descriptor, $0, &length) != 0
            }
        }
        guard !failed else { throw SystemError("listen") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func serve(_ connection: Int32) {
        var input: [UInt8] = []
        while let call = Self.readCall(connection, &input) {
            let number = received.withLock { calls in
                calls.append(call)
                return calls.count
            }
            guard perform(reply(call, number), connection) else { return }
        }
    }

    /// - Returns: Whether the connection goes on.
    private func perform(_ reply: Reply, _ connection: Int32) -> Bool {
        switch reply {
        case .answer(let body, let status, let fields, let announced):
            let head =
                ["HTTP/1.1 \(status) X", "Content-Length: \(announced ?? body.utf8.count)"]
                + ["Content-Type: application/json"] + fields + ["", ""]
            return Self.send(Array((head.joined(separator: "\r\n") + body).utf8), connection) && announced == nil
        case .nothing: return false
        case .silence:
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
            return false
        }
    }

    private static func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func readCall(_ connection: Int32, _ input: inout [UInt8]) -> Call? {
        let separator = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            headEnd = input.indices.first { input[$0...].starts(with: separator) }
            guard headEnd != nil || receive(connection, &input) else { return nil }
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: input[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                name: String(parts[0]), value: parts.dropFirst().joined().trimmingCharacters(in: .whitespaces)
            )
        }
        input.removeFirst(headEnd + separator.count)
        let length = fields.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        while input.count < length {
            guard receive(connection, &input) else { return nil }
        }
        defer { input.removeFirst(length) }
        return Call(requestLine: lines[0], fields: fields, body: Array(input.prefix(length)))
    }

    private static func receive(_ connection: Int32, _ input: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        input += buffer.prefix(count)
        return true
    }
}
