// SPDX-License-Identifier: Apache-2.0

/// Where a server listens: `unix:/run/app.sock`, `tcp:127.0.0.1:9001`, `tcp:[::1]:9001`, or `fd:0`.
public enum Address: Sendable, Equatable, CustomStringConvertible {
    /// A Unix socket at a path of at most 107 bytes.
    case unix(path: String)
    /// A TCP socket on a numeric address. FastCGI has neither encryption nor access control of its own.
    case tcp(host: String, port: UInt16)
    /// A listening socket that whoever started this process made: systemd, spawn-fcgi, lighttpd.
    case descriptor(Int32)

    /// Why a text is no address; its description is meant for whoever wrote the text.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        /// What is wrong and what would be right.
        public let description: String
    }

    /// Reads an address.
    ///
    /// - Throws: ``Malformed``.
    public init(_ text: String) throws(Malformed) {
        guard let colon = text.firstIndex(of: ":") else {
            throw Malformed(description: "'\(text)' has no scheme: write unix:PATH, tcp:HOST:PORT or fd:NUMBER")
        }
        let rest = String(text[text.index(after: colon)...])
        switch text[..<colon] {
        case "unix": self = try Self.unix(rest)
        case "tcp": self = try Self.tcp(rest)
        case "fd":
            guard let number = Self.number(rest, Int32.self) else {
                throw Malformed(description: "'\(text)' names no descriptor: write fd:0")
            }
            self = .descriptor(number)
        case let scheme:
            throw Malformed(description: "'\(scheme):' is not one of unix:, tcp: and fd:")
        }
    }

    private static func unix(_ path: String) throws(Malformed) -> Address {
        guard path.hasPrefix("/") else { throw Malformed(description: "unix:\(path) needs an absolute path") }
        guard !path.utf8.contains(0) else { throw Malformed(description: "unix:\(path) contains a NUL") }
        guard path.utf8.count <= 107 else {
            throw Malformed(
                description: "unix:\(path) is \(path.utf8.count) bytes long; a socket's path may have 107")
        }
        return .unix(path: path)
    }

    private static func tcp(_ rest: String) throws(Malformed) -> Address {
        guard let colon = rest.lastIndex(of: ":"), let port = number(rest[rest.index(after: colon)...], UInt16.self)
        else {
            throw Malformed(description: "tcp:\(rest) needs a port: write tcp:127.0.0.1:9001")
        }
        var host = rest[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, isBracketed == host.contains(":"), !host.contains(where: { $0 == "[" || $0 == "]" }) else {
            throw Malformed(
                description: "tcp:\(rest) needs an address: write tcp:127.0.0.1:\(port) or tcp:[::1]:\(port)")
        }
        return .tcp(host: String(host), port: port)
    }

    /// Digits alone: Swift itself would also take a sign.
    private static func number<Number: FixedWidthInteger>(_ text: some StringProtocol, _: Number.Type) -> Number? {
        guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else { return nil }
        return Number(text)
    }

    /// The address as it is written.
    public var description: String {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port): host.contains(":") ? "tcp:[\(host)]:\(port)" : "tcp:\(host):\(port)"
        case .descriptor(let number): "fd:\(number)"
        }
    }
}
