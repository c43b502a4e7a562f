// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import FastCGI

@Suite(.timeLimit(.minutes(5)))
struct ListenQueueTests {
    @Test func countsConnectionsThatNobodyHasAcceptedYet() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/s"
        let socket = try ListeningSocket(.unix(path: path))
        #expect(socket.queue?.length == 0)
        let peers = try (0..<3).map { _ in try Peer(to: path) }
        let queue = try #require(socket.queue)
        #expect(queue.length == peers.count)
        let limit = try #require(queue.limit)
        #expect(limit > 0 && limit <= Int(ListeningSocket.backlog))
        socket.close()
        #expect(socket.queue == nil)
    }

    @Test func countsThemOnTCPToo() throws {
        let socket = try ListeningSocket(.tcp(host: "127.0.0.1", port: 0))
        defer { socket.close() }
        #expect(socket.queue?.length == 0)
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let client = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(client) }
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                getsockname(socket.descriptor, generic, &length) == 0 ? connect(client, generic, length) : -1
            }
        }
        #expect(status == 0)
        #expect(socket.queue?.length == 1)
    }
}
