// SPDX-License-Identifier: Apache-2.0

import CCurl
import CEpoll
import EventLoop
import Glibc

/// The sockets of a multi handle's connections, which curl opens and closes through here.
///
/// Knowing them allows the one trick that matters at thousands of calls a second: a connection that goes back to curl's
/// cache stays in the epoll set, and using it again costs no system call.
final class ConnectionSockets {
    private enum State {
        case inUse
        /// Kept for later; `isMute` where the other side has nothing to say until it is asked, which is HTTP/1.
        case cached(isMute: Bool)
    }

    private let loop: EventLoop
    private let mayConnect: (@Sendable (NetworkAddress) -> Bool)?
    private let counts: EngineCounts
    private var states: [Int32: State] = [:]

    init(loop: EventLoop, mayConnect: (@Sendable (NetworkAddress) -> Bool)?, counts: EngineCounts) {
        self.loop = loop
        self.mayConnect = mayConnect
        self.counts = counts
    }

    /// Whether curl waits for this socket; true for any socket that is not a connection's.
    func isWanted(_ socket: Int32) -> Bool {
        if case .cached = states[socket] { false } else { true }
    }

    func markInUse(_ socket: Int32) {
        if states[socket] != nil { states[socket] = .inUse }
    }

    /// - Returns: `false` where the socket is no connection's and has to leave the epoll set.
    func markCached(_ socket: Int32, isMute: Bool) -> Bool {
        guard states[socket] != nil else { return false }
        states[socket] = .cached(isMute: isMute)
        return true
    }

    /// Sees to it that curl does not use a cached connection again on which the other side has spoken up.
    ///
    /// On a mute connection that means its end. TLS says so in a few bytes before it, which make curl, whose look at
    /// the socket finds them, take it for alive, and the next request would be lost.
    func retire(_ socket: Int32) {
        guard case .cached(isMute: true) = states[socket] else { return }
        var scratch = [UInt8](repeating: 0, count: 1024)
        while recv(socket, &scratch, scratch.count, Int32(MSG_DONTWAIT)) > 0 {}
        shutdown(socket, Int32(SHUT_RDWR))
    }

    /// Makes an easy handle open and close its connections' sockets through here.
    func attach(to easy: EasyHandle) {
        // The multi handle holds this object until curl has closed its last connection.
        curl_shim_easy_set_socket_callbacks(
            easy.pointer,
            { sockets, _, address in
                guard let address, ConnectionSockets.from(sockets).allows(address) else { return CURL_SOCKET_BAD }
                let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
                let descriptor = socket(address.pointee.family, kind, address.pointee.protocol)
                if descriptor >= 0 { ConnectionSockets.from(sockets).open(descriptor) }
                return descriptor
            },
            { sockets, descriptor in
                ConnectionSockets.from(sockets).close(descriptor)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func allows(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        guard let mayConnect else { return true }
        // Behind `addr` there is room for any address, and curl has filled it in.
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr),
            let found = NetworkAddress(
                family: address.pointee.family, socketAddress: UnsafeRawPointer(address) + offset)
        else { return false }
        return mayConnect(found)
    }

    private func open(_ socket: Int32) {
        states[socket] = .inUse
        counts.noteBegun()
    }

    private func close(_ socket: Int32) {
        if states.removeValue(forKey: socket) != nil { counts.noteClosed() }
        // Elsewhere only at the very end, when closing alone takes it out of the epoll set.
        if loop.isCurrent { loop.unwatch(socket) }
        Glibc.close(socket)
    }

    private static func from(_ pointer: UnsafeMutableRawPointer?) -> ConnectionSockets {
        guard let pointer else { preconditionFailure("curl calls back without its argument") }
        return Unmanaged<ConnectionSockets>.fromOpaque(pointer).takeUnretainedValue()
    }
}
