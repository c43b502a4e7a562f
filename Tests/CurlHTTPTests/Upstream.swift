// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc
import Synchronization

/// A request as it arrived, to the byte.
struct ReceivedRequest: Sendable {
    let requestLine: String
    /// `Name: value`, as they stood there.
    let fields: [String]
    let body: [UInt8]
    /// Which connection it came on, and as its which request; both count from 1.
    let connection: Int
    let number: Int

    func field(_ name: String) -> String? {
        fields.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
    }
}

/// An HTTP server on blocking sockets, one thread for each connection, that does exactly what a test tells it to.
final class Upstream: Sendable {
    enum Action: Sendable {
        /// An answer; the connection stays open unless said otherwise.
        case answer(
            status: Int = 200, fields: [String] = ["Content-Type: text/plain"], body: [UInt8] = [], closes: Bool = false
        )
        /// These bytes, and no more.
        case raw(String, closes: Bool)
        /// Nothing, and the connection is closed.
        case close
        /// Nothing, until the client leaves.
        case silence
    }

    private struct State {
        var connections = 0
        var closed = 0
        var requests: [ReceivedRequest] = []
        var open: Set<Int32> = []
    }

    let port: UInt16
    /// `SHUT_RDWR`, which Swift does not always find.
    static let bothWays: Int32 = 2
    private let listener: Int32
    private let readsBodies: Bool
    private let state = Mutex(State())
    private let action: @Sendable (ReceivedRequest) -> Action

    var url: String { "http://127.0.0.1:\(port)/" }
    var connections: Int { state.withLock { $0.connections } }
    var closedConnections: Int { state.withLock { $0.closed } }
    var requests: [ReceivedRequest] { state.withLock { $0.requests } }

    /// - Parameters:
    ///   - readsBodies: Without it, the action follows when the head is there, and the body is thrown away after it.
    ///   - action: What to do about each request.
    /// - Throws: `SystemError` where there is no port.
    init(readsBodies: Bool = true, _ action: @escaping @Sendable (ReceivedRequest) -> Action) throws {
        self.readsBodies = readsBodies
        self.action = action
        (listener, port) = try Self.listen(backlog: 1024)
        Thread.detachNewThread { [self] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                // Not for programs that other tests start: they would keep it open.
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let number = state.withLock { state in
                    state.open.insert(descriptor)
                    state.connections += 1
                    return state.connections
                }
                let thread = Thread { [self] in serve(descriptor, number) }
                thread.stackSize = 512 << 10
                thread.start()
            }
            close(listener)
        }
    }

    static func echo() throws -> Upstream {
        try Upstream { request in .answer(body: request.body) }
    }

    static func listen(backlog: Int32) throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) != 0 || Glibc.listen(descriptor, backlog) != 0
                    || getsockname(descriptor, $0, &length) != 0
            }
        }
        guard !failed else { throw SystemError("listen") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// Ends it, and whatever is still open.
    func stop() {
        // Ends `accept`; the thread closes it.
        shutdown(listener, Self.bothWays)
        for descriptor in state.withLock({ $0.open }) { shutdown(descriptor, Self.bothWays) }
    }

    private func serve(_ descriptor: Int32, _ connection: Int) {
        defer {
            state.withLock { _ = $0.open.remove(descriptor) }
            close(descriptor)
            state.withLock { $0.closed += 1 }
        }
        var input: [UInt8] = []
        var number = 0
        while let request = readRequest(descriptor, &input, connection, number + 1) {
            number += 1
            state.withLock { $0.requests.append(request) }
            guard perform(action(request), descriptor) else { return }
            guard readsBodies || skipBody(of: request, descriptor, &input) else { return }
        }
    }

    private func skipBody(of request: ReceivedRequest, _ descriptor: Int32, _ input: inout [UInt8]) -> Bool {
        let length = request.field("Content-Length").flatMap { Int($0) } ?? 0
        while input.count < length {
            guard receive(descriptor, &input) else { return false }
        }
        input.removeFirst(length)
        return true
    }

    private func perform(_ action: Action, _ descriptor: Int32) -> Bool {
        switch action {
        case .answer(let status, let fields, let body, let closes):
            let lines = ["HTTP/1.1 \(status) Whatever", "Content-Length: \(body.count)"] + fields + ["", ""]
            return send(Array(lines.joined(separator: "\r\n").utf8) + body, descriptor) && !closes
        case .raw(let text, let closes):
            return send(Array(text.utf8), descriptor) && !closes
        case .close:
            return false
        case .silence:
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) > 0 {}
            return false
        }
    }

    private func send(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func readRequest(
        _ descriptor: Int32, _ input: inout [UInt8], _ connection: Int, _ number: Int
    )
        -> ReceivedRequest?
    {
        let separator = Array("\r\n\r\n".utf8)
        var headEnd: Int?
        while headEnd == nil {
            headEnd = input.indices.dropLast(3).first { input[$0] == 13 && Array(input[$0..<$0 + 4]) == separator }
            guard headEnd != nil || receive(descriptor, &input) else { return nil }
        }
        guard let headEnd else { return nil }
        let lines = String(decoding: input[..<headEnd], as: UTF8.self).components(separatedBy: "\r\n")
        input.removeFirst(headEnd + 4)
        var body: [UInt8] = []
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
        if readsBodies, let length, let count = Int(length.dropFirst(15).trimmingCharacters(in: .whitespaces)) {
            while input.count < count {
                guard receive(descriptor, &input) else { return nil }
            }
            body = Array(input.prefix(count))
            input.removeFirst(count)
        }
        return ReceivedRequest(
            requestLine: lines[0], fields: Array(lines.dropFirst()), body: body, connection: connection, number: number)
    }

    private func receive(_ descriptor: Int32, _ input: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        input += buffer.prefix(count)
        return true
    }
}
