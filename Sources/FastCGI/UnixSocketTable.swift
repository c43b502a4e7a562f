// SPDX-License-Identifier: Apache-2.0

import CEpoll
import Glibc

/// The kernel's table of Unix sockets, `/proc/self/net/unix` (proc(5)). A line for each socket:
///
///     Num       RefCount Protocol Flags    Type St Inode Path
///     …:        00000002 00000000 00010000 0001 01 59310 /run/scf-relay/relay.sock
///     …:        00000003 00000000 00000000 0001 02     0 /run/scf-relay/relay.sock
///
/// The first one listens. The second one is the near end of a connection to it that nobody has accepted: it bears the same
/// path, and has no inode yet.
struct UnixSocketTable {
    private let lines: [Substring]

    /// Reads the table, which has as many lines as the machine has Unix sockets.
    ///
    /// - Returns: `nil` where it cannot be read.
    init?() {
        guard let text = Self.read("/proc/self/net/unix") else { return nil }
        self.init(text)
    }

    init(_ text: String) {
        lines = text.split(separator: "\n").dropFirst().map { $0 }
    }

    /// How many connections to a listening socket wait to be accepted.
    ///
    /// - Returns: `nil` where the socket is not in the table, or has no path.
    func connectionsWaiting(at descriptor: Int32) -> Int? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return connectionsWaiting(atInode: UInt64(status.st_ino))
    }

    func connectionsWaiting(atInode inode: UInt64) -> Int? {
        let sockets = lines.compactMap(Socket.init)
        guard let listener = sockets.first(where: { $0.inode == inode }) else { return nil }
        return sockets.count { $0.inode == 0 && $0.path == listener.path }
    }

    /// A socket that has a path.
    private struct Socket {
        let inode: UInt64
        let path: Substring

        init?(_ line: Substring) {
            // A path may have spaces.
            let fields = line.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: true)
            guard fields.count == 8, let inode = UInt64(fields[6]) else { return nil }
            (self.inode, path) = (inode, fields[7])
        }
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = chunk.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
