// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc
import Synchronization
import Testing

@testable import FastCGI

@Suite(.timeLimit(.minutes(5)))
struct ListeningSocketTests {
    let folder: TemporaryFolder
    var path: String { folder.path + "/s" }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open() throws -> ListeningSocket { try ListeningSocket(.unix(path: path)) }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    private func failure(_ body: () throws -> ListeningSocket) -> Int32? {
        do {
            try body().close()
            return nil
        } catch {
            return (error as? SystemError)?.number
        }
    }

    @Test func aSocketIsForOwnerAndGroup() throws {
        let mask = umask(0)
        defer { umask(mask) }
        let socket = try open()
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode == S_IFSOCK | 0o660)
        #expect(try files == ["s"])
        socket.close()
        #expect(try files == [])
        socket.close()
    }

    @Test func aLiveSocketIsLeftAlone() throws {
        let socket = try open()
        #expect(failure(open) == EADDRINUSE)
        #expect(try files == ["s"])
        _ = try Peer(to: path)
        // Even with a full backlog.
        var waiting: [Int32] = []
        while waiting.count < 5000 {
            let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            waiting.append(descriptor)
            guard connect(descriptor) == 0 else { break }
        }
        #expect(failure(open) == EADDRINUSE)
        for descriptor in waiting { close(descriptor) }
        socket.close()
    }

    private func connect(_ descriptor: Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Leaves a socket's file behind, as a killed process does.
    private func leaveDeadSocket() throws {
        let dead = try open()
        let keeper = folder.path + "/keeper"
        #expect(link(path, keeper) == 0)
        dead.close()
        #expect(rename(keeper, path) == 0)
        // Where another test starts a process right now, that holds the listener until it becomes another program.
        for _ in 0..<60_000 where (try? Peer(to: path)) != nil { usleep(1000) }
    }

    @Test func aDeadSocketIsReplaced() throws {
        try leaveDeadSocket()
        #expect(throws: SystemError("connect", number: ECONNREFUSED)) { try Peer(to: path) }
        let socket = try open()
        _ = try Peer(to: path)
        socket.close()
        #expect(try files == [])
    }

    @Test func whatIsNoSocketIsLeftAlone() throws {
        _ = FileManager.default.createFile(atPath: path, contents: Data("precious".utf8))
        #expect(failure(open) == EEXIST)
        #expect(FileManager.default.contents(atPath: path) == Data("precious".utf8))
        unlink(path)
        symlink("/nowhere", path)
        #expect(failure(open) == EEXIST)
        unlink(path)
        mkdir(path, 0o700)
        #expect(failure(open) == EEXIST)
        #expect(try files == ["s"])
    }

    @Test func aPathThatCannotBeIsAnError() throws {
        let long = folder.path + "/" + String(repeating: "x", count: 100)
        #expect(failure { try ListeningSocket(.unix(path: long)) } == ENAMETOOLONG)
        #expect(failure { try ListeningSocket(.unix(path: folder.path + "/no/s")) } == ENOENT)
        #expect(try files == [])
    }

    @Test func theFileIsRemovedOnlyWhileItIsOurs() throws {
        let socket = try open()
        unlink(path)
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        socket.close()
        #expect(try files == ["s"])
        unlink(path)

        // Withdrawn once, whatever stands there later belongs to somebody else.
        let first = try open()
        first.withdraw()
        #expect(try files == [])
        let second = try open()
        first.close()
        #expect(try files == ["s"])
        second.close()
    }

    /// Who finds the lock taken leaves it to its owner.
    @Test func aLockOfAStartingInstanceIsHeeded() throws {
        let file = path + ".lock"
        let lock = Glibc.open(file, O_CREAT | O_RDWR, 0o600)
        #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
        for _ in 0..<3 {
            #expect(failure(open) == EADDRINUSE)
            #expect(try files == ["s.lock"])
        }
        close(lock)
        // A lock file that nobody holds is what a killed process leaves behind.
        try open().close()
        #expect(try files == [])
    }

    @Test(arguments: [false, true])
    func ofManyThatStartTogetherOneWins(isDeadSocketThere: Bool) async throws {
        for _ in 0..<10 {
            if isDeadSocketThere { try leaveDeadSocket() }
            let address = Address.unix(path: path)
            let sockets = try await withThrowingTaskGroup(of: ListeningSocket?.self) { group in
                for _ in 0..<8 { group.addTask { try await blocking { try? ListeningSocket(address) } } }
                return try await group.reduce(into: [ListeningSocket]()) { opened, socket in
                    if let socket { opened.append(socket) }
                }
            }
            #expect(sockets.count == 1)
            _ = try Peer(to: path)
            for socket in sockets { socket.close() }
            #expect(try files == [])
        }
    }

    /// Instances come and go, each leaving a dead socket behind: there is never more than one alive.
    @Test func instancesThatReplaceEachOtherNeverOverlap() async throws {
        let (path, address) = (path, Address.unix(path: path))
        let score = Score()
        let end = Monotonic.now + .seconds(60)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    try await blocking {
                        while score.arrivals < 200, Monotonic.now < end {
                            guard let socket = try? ListeningSocket(address) else { continue }
                            score.arrive()
                            sched_yield()
                            score.leave()
                            let keeper = "\(path)\(number)"
                            link(path, keeper)
                            socket.close()
                            // Does nothing where the next one is there already.
                            link(keeper, path)
                            unlink(keeper)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(score.most == 1)
        #expect(score.arrivals >= 200)
    }

    /// How many are alive, and how many were at most.
    private final class Score: Sendable {
        private let state = Mutex((alive: 0, most: 0, arrivals: 0))
        var most: Int { state.withLock { $0.most } }
        var arrivals: Int { state.withLock { $0.arrivals } }

        func arrive() {
            state.withLock { state in
                state.arrivals += 1
                state.alive += 1
                state.most = max(state.most, state.alive)
            }
        }

        func leave() {
            state.withLock { $0.alive -= 1 }
        }
    }

    @Test func aSocketThatSomebodyElseMadeIsTaken() async throws {
        let made = try open()
        let loops = try EventLoopGroup(count: 1)
        defer { loops.stop() }
        let copy = dup(made.descriptor)
        _ = fcntl(copy, F_SETFL, 0)
        let server = try Server(address: .descriptor(copy), loops: loops, handler: TestServer.echo)
        #expect(fcntl(copy, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(copy, F_GETFD) & FD_CLOEXEC != 0)
        #expect(!server.socket.isTCP)
        try await server.start()
        let path = path
        try await blocking { () throws in #expect(try Peer(to: path).ask().status == 200) }
        await server.drain(within: .seconds(10))
        // The file is for its maker to remove.
        #expect(try files == ["s"])
        made.close()
    }

    /// systemd does that to a unit's standard input when it starts a command of the unit, such as that of `ExecReload=`.
    @Test func aSharedSocketThatIsMadeToBlockHoldsNobodyUp() async throws {
        let made = try open()
        let loops = try EventLoopGroup(count: 2)
        defer { loops.stop() }
        let server = try Server(address: .descriptor(dup(made.descriptor)), loops: loops, handler: TestServer.echo)
        try await server.start()
        _ = fcntl(made.descriptor, F_SETFL, 0)
        let path = path
        try await blocking { () throws in #expect(try Peer(to: path).ask().status == 200) }
        _ = fcntl(made.descriptor, F_SETFL, 0)
        #expect(await server.drain(within: .seconds(10)) == 0)
        made.close()
    }

    /// Also in the moment between the look and the accept.
    @Test(arguments: [Address.unix(path: ""), .tcp(host: "127.0.0.1", port: 0)])
    func aSharedSocketIsNotWaitedOnForLong(_ kind: Address) async throws {
        let made = try ListeningSocket(kind == .unix(path: "") ? .unix(path: path) : kind)
        let socket = try ListeningSocket(.descriptor(dup(made.descriptor)))
        _ = fcntl(made.descriptor, F_SETFL, 0)
        let failure = try await blocking { accept(socket.descriptor, nil, nil) < 0 ? errno : 0 }
        #expect(failure == EAGAIN)
        socket.close()
        made.close()
    }

    @Test func whatIsNoListeningSocketIsNotTaken() throws {
        #expect(failure { try ListeningSocket(.descriptor(9999)) } == ENOTSOCK)
        let plain = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(plain) }
        #expect(failure { try ListeningSocket(.descriptor(plain)) } == ENOTSOCK)
        let file = Glibc.open("/dev/null", O_RDONLY)
        defer { close(file) }
        #expect(failure { try ListeningSocket(.descriptor(file)) } == ENOTSOCK)
    }

    @Test func tcpListensOnNumbersOnly() throws {
        for host in ["localhost", "example.invalid", "::g"] {
            #expect(failure { try ListeningSocket(.tcp(host: host, port: 0)) } == EINVAL, "\(host)")
        }
        let socket = try ListeningSocket(.tcp(host: "::1", port: 0))
        #expect(socket.isTCP)
        socket.close()
        // An address that is not this machine's.
        #expect(failure { try ListeningSocket(.tcp(host: "192.0.2.1", port: 0)) } == EADDRNOTAVAIL)
    }
}
