// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc
import HTTPTypes
import Synchronization
import Testing

@testable import FastCGI

/// A folder that is removed in the end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/fastcgi-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Lets tasks wait until it is opened, whether they are cancelled or not.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var arrived = 0
    }

    private let state = Mutex(State())

    /// How many have come so far.
    var arrived: Int { state.withLock { $0.arrived } }

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                state.arrived += 1
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// Waits for something that is bound to happen; the bound is for what never does.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: @Sendable () -> Bool
) async {
    let end = Monotonic.now + .seconds(20)
    while !condition() {
        guard Monotonic.now < end else {
            Issue.record(what, sourceLocation: sourceLocation)
            return
        }
        try? await Task.sleep(for: .milliseconds(2))
    }
}

enum Transport: CaseIterable {
    case unix, tcp
}

/// A server on loops of its own.
struct TestServer: Sendable {
    let folder: TemporaryFolder
    let loops: EventLoopGroup
    let server: Server
    let transport: Transport

    var path: String { folder.path + "/s" }

    init(
        _ transport: Transport = .unix, loops count: Int = 2, settings: Server.Settings = .init(),
        refuse: @escaping Server.RefusalHandler = Server.refusePlainly, handler: @escaping Server.Handler = Self.echo
    ) throws {
        folder = try TemporaryFolder()
        loops = try EventLoopGroup(count: count)
        self.transport = transport
        let address: Address = transport == .unix ? .unix(path: folder.path + "/s") : .tcp(host: "127.0.0.1", port: 0)
        server = try Server(address: address, loops: loops, settings: settings, refuse: refuse, handler: handler)
    }

    /// Runs a test against a started server, and sees that nothing is left of it.
    static func run(
        _ transport: Transport = .unix, loops count: Int = 2, settings: Server.Settings = .init(),
        handler: @escaping Server.Handler = Self.echo, _ body: @Sendable (TestServer) async throws -> Void
    ) async throws {
        let test = try TestServer(transport, loops: count, settings: settings, handler: handler)
        try await test.server.start()
        try await body(test)
        #expect(await test.server.drain(within: .seconds(15)) == 0)
        await test.expectNothingLeft()
    }

    func expectNothingLeft() async {
        await eventually("handlers end") { server.requestsInFlight == 0 }
        #expect(server.openConnections == 0)
        #expect(server.bytesHeld == 0)
        loops.stop()
    }

    /// Answers with the parameters and the body as they came.
    @Sendable static func echo(_ request: Request) async -> Response {
        let lines = request.parameters.pairs.map { "\($0.name)=\($0.value)\n" }.joined()
        return Response(status: .ok, headerFields: [.contentType: "text/plain"], body: Array(lines.utf8) + request.body)
    }

    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(server.socket.descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    func connect() throws -> Peer {
        switch transport {
        case .unix: try Peer(to: path)
        case .tcp: try Peer(toPort: port)
        }
    }
}
