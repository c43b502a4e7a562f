// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FastCGI

/// How a sandbox without netlink learns the length of a queue.
@Suite(.timeLimit(.minutes(1)))
struct UnixSocketTableTests {
    @Test func tellsTheSameLengthAsNetlinkDoes() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a socket"
        let socket = try ListeningSocket(.unix(path: path))
        defer { socket.close() }
        #expect(try #require(UnixSocketTable()).connectionsWaiting(at: socket.descriptor) == 0)
        let peers = try (0..<3).map { _ in try Peer(to: path) }
        let waiting = try #require(UnixSocketTable()).connectionsWaiting(at: socket.descriptor)
        #expect(waiting == peers.count && waiting == socket.queue?.length)
    }

    private static let text = """
        Num       RefCount Protocol Flags    Type St Inode Path
        000000006: 00000002 00000000 00010000 0001 01 59310 /run/relay.sock
        000000007: 00000003 00000000 00000000 0001 02     0 /run/relay.sock
        000000008: 00000003 00000000 00000000 0001 03 59314 /run/relay.sock
        000000009: 00000003 00000000 00000000 0001 02     0 /run/relay.sock.2
        00000000a: 00000002 00000000 00010000 0001 01 59320 /run/relay.sock.2
        00000000b: 00000002 00000000 00000000 0002 01 59330
        00000000c: 00000003 00000000 00000000 0001 02     0
        """

    @Test(arguments: [(59310, 1), (59320, 1), (59330, nil), (1, nil)] as [(UInt64, Int?)])
    func countsWhatIsNotAcceptedAtOnePath(inode: UInt64, waiting: Int?) {
        #expect(UnixSocketTable(Self.text).connectionsWaiting(atInode: inode) == waiting)
    }
}
