// SPDX-License-Identifier: Apache-2.0

import CEpoll
public import EventLoop
import Glibc
import Synchronization

/// A socket that web servers connect to. It is closed, and its own path removed, with ``close()``.
public final class ListeningSocket: Sendable {
    /// Connections that the kernel keeps while all loops are busy; the system's own bound is `net.core.somaxconn`.
    public static let backlog: Int32 = 1024

    /// Where it listens.
    public let address: Address
    let descriptor: Int32
    /// Whether connections are TCP's, also where the socket was made elsewhere.
    let isTCP: Bool
    private let ownedFile: Mutex<OwnedFile?>
    private let isOpen = Atomic(true)

    /// The socket's file, to be removed only while it still is the one that was made here.
    private struct OwnedFile {
        let path: String
        let device: dev_t
        let inode: ino_t
    }

    /// Opens the socket and starts listening.
    ///
    /// A Unix socket gets mode 0660. One that another process still listens on is left alone; a dead one is replaced.
    ///
    /// - Throws: `SystemError` naming the step that failed; `EADDRINUSE` where another instance is alive.
    public init(_ address: Address) throws(SystemError) {
        self.address = address
        var file: OwnedFile?
        switch address {
        case .unix(let path): (descriptor, file) = try Self.openUnix(path)
        case .tcp(let host, let port): descriptor = try Self.openTCP(host, port)
        case .descriptor(let number): descriptor = try Self.adopt(number)
        }
        ownedFile = Mutex(file)
        isTCP = Self.family(of: descriptor) != AF_UNIX
    }

    /// Removes the socket's file, so that no new connection is made; those that wait can still be accepted.
    func withdraw() {
        // Once only: later the same path and number may be a successor's.
        let taken = ownedFile.withLock { file in
            defer { file = nil }
            return file
        }
        guard let taken else { return }
        var status = stat()
        guard lstat(taken.path, &status) == 0, status.st_dev == taken.device, status.st_ino == taken.inode else {
            return
        }
        unlink(taken.path)
    }

    /// Accepts a connection that waits, without waiting for one.
    ///
    /// Whether a socket blocks is one setting for all who hold it, and others may hold one that was handed over: systemd
    /// makes a unit's standard input block each time it starts a command of the unit, also `ExecReload=` while this runs.
    ///
    /// - Returns: A descriptor, or -1 with `errno`.
    func accept() -> Int32 {
        if case .descriptor = address { _ = fcntl(descriptor, F_SETFL, O_NONBLOCK) }
        return linux_accept(descriptor)
    }

    /// Looks at the socket as long as it is open.
    func withDescriptor<Result>(_ look: (Int32) -> Result?) -> Result? {
        isOpen.load(ordering: .relaxed) ? look(descriptor) : nil
    }

    /// Stops listening: who connects from now on is refused. Nothing may wait on the socket any more.
    func close() {
        withdraw()
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        Glibc.close(descriptor)
    }
}

// MARK: - Unix

extension ListeningSocket {
    private static func openUnix(_ path: String) throws(SystemError) -> (Int32, OwnedFile) {
        // The lock keeps two instances that start together from taking each other's socket for a dead one.
        let lock = try takeLock(path + ".lock", of: path)
        defer {
            unlink(path + ".lock")
            Glibc.close(lock)
        }
        try removeDeadSocket(path)

        let descriptor = try newSocket(AF_UNIX)
        do throws(SystemError) {
            try withUnixAddress(path) { address, length throws(SystemError) in
                guard bind(descriptor, address, length) == 0 else { throw SystemError("bind \(path)") }
            }
            // Web server and relay share a group; nobody else has business here.
            guard chmod(path, 0o660) == 0 else { throw SystemError("chmod \(path)") }
            guard listen(descriptor, backlog) == 0 else { throw SystemError("listen \(path)") }
            var status = stat()
            guard stat(path, &status) == 0 else { throw SystemError("stat \(path)") }
            return (descriptor, OwnedFile(path: path, device: status.st_dev, inode: status.st_ino))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private static func takeLock(_ file: String, of path: String) throws(SystemError) -> Int32 {
        while true {
            let lock = open(file, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard lock >= 0 else { throw SystemError("open \(file)") }
            guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
                Glibc.close(lock)
                throw SystemError("\(path): another instance is just starting", number: EADDRINUSE)
            }
            var held = stat()
            var present = stat()
            if fstat(lock, &held) == 0, lstat(file, &present) == 0, held.st_ino == present.st_ino { return lock }
            // Whoever held it has removed the file in between: a lock on what is gone keeps nobody away.
            Glibc.close(lock)
        }
    }

    private static func removeDeadSocket(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw SystemError("\(path) exists and is no socket", number: EEXIST)
        }
        let probe = try newSocket(AF_UNIX)
        defer { Glibc.close(probe) }
        let failure = try withUnixAddress(path) { address, length throws(SystemError) in
            connect(probe, address, length) == 0 ? 0 : errno
        }
        switch failure {
        case ENOENT: return  // Its owner has just withdrawn it.
        case ECONNREFUSED: guard unlink(path) == 0 else { throw SystemError("unlink \(path)") }
        default: throw SystemError("\(path): another instance listens there", number: EADDRINUSE)
        }
    }

    private static func withUnixAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Result
    ) throws(SystemError) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw SystemError(path, number: ENAMETOOLONG) }
        // The kernel's calls take any address family through one pointer type.
        let pointer = UnsafeMutablePointer<sockaddr_un>.allocate(capacity: 1)
        defer { pointer.deallocate() }
        pointer.initialize(to: address)
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic throws(SystemError) in
            try body(generic, length)
        }
    }
}

// MARK: - TCP and inherited sockets

extension ListeningSocket {
    private static func openTCP(_ host: String, _ port: UInt16) throws(SystemError) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // A name could mean several addresses, and a look-up can block: numbers only.
        hints.ai_flags = AI_NUMERICHOST | AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let info = found else {
            throw SystemError("tcp:\(host):\(port) is no numeric address", number: EINVAL)
        }
        defer { freeaddrinfo(found) }
        let descriptor = try newSocket(info.pointee.ai_family)
        do throws(SystemError) {
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            guard bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0 else {
                throw SystemError("bind \(host):\(port)")
            }
            guard listen(descriptor, backlog) == 0 else { throw SystemError("listen \(host):\(port)") }
            return descriptor
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    private static func adopt(_ number: Int32) throws(SystemError) -> Int32 {
        var isListening: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0, isListening != 0 else {
            throw SystemError("fd:\(number) is no listening socket", number: ENOTSOCK)
        }
        guard fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK) == 0,
            fcntl(number, F_SETFD, FD_CLOEXEC) == 0
        else { throw SystemError("fcntl fd:\(number)") }
        // Where the socket is made to block in the very moment of an accept, that lasts for no more than this. 0 is for ever.
        var shortest = timeval(tv_sec: 0, tv_usec: 1)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &shortest, socklen_t(MemoryLayout<timeval>.size))
        return number
    }

    private static func family(of descriptor: Int32) -> Int32 {
        var family: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &family, &length)
        return family
    }

    private static func newSocket(_ family: Int32) throws(SystemError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw SystemError("socket") }
        return descriptor
    }
}
