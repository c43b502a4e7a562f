// SPDX-License-Identifier: Apache-2.0

/// Where the cloud's API is: `https://scf.tencentcloudapi.com`, or a local stand-in such as `http://127.0.0.1:9000`.
public struct CloudEndpoint: Sendable, Equatable, CustomStringConvertible {
    /// `https`, or `http` where the configuration says so in as many words.
    public let scheme: String
    /// The `Host` header: the name or address, with the port where one is given.
    public let host: String
    /// The address that requests go to.
    public let url: String

    /// Why a text is no endpoint; for whoever wrote the text.
    public struct Malformed: Error, Sendable, CustomStringConvertible {
        /// What is wrong and what would be right.
        public let description: String
    }

    /// Reads an endpoint: scheme, host, perhaps a port, and nothing else.
    ///
    /// - Throws: ``Malformed``.
    public init(_ text: String) throws(Malformed) {
        guard let scheme = ["https", "http"].first(where: { text.hasPrefix($0 + "://") }) else {
            throw Malformed(description: "'\(text)' must begin with https:// (or http:// for a local stand-in)")
        }
        var host = text.dropFirst(scheme.count + 3)
        if host.hasSuffix("/") { host = host.dropLast() }
        guard Self.isHost(host) else {
            throw Malformed(
                description: "'\(text)' must be scheme, host and perhaps a port, without path or user")
        }
        self.scheme = scheme
        self.host = host.lowercased()
        url = "\(scheme)://\(self.host)/"
    }

    /// A name, an IPv4 address or an IPv6 address in brackets; then perhaps a colon and a port.
    private static func isHost(_ text: Substring) -> Bool {
        guard text.utf8.count <= 255 else { return false }
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return false }
            let address = text[..<bracket].dropFirst()
            return address.contains(":") && address.utf8.allSatisfy { isHexDigit($0) || ":.".utf8.contains($0) }
                && isPort(text[bracket...].dropFirst())
        }
        let name = text.prefix { $0 != ":" }
        guard let first = name.utf8.first, let last = name.utf8.last, isLetterOrDigit(first), isLetterOrDigit(last),
            name.utf8.allSatisfy({ isLetterOrDigit($0) || "-.".utf8.contains($0) })
        else { return false }
        return isPort(text[name.endIndex...])
    }

    /// Nothing, or a colon and 1 to 65,535.
    private static func isPort(_ text: Substring) -> Bool {
        guard text.first == ":" else { return text.isEmpty }
        let digits = text.dropFirst()
        guard digits.utf8.allSatisfy(isDigit), let port = UInt16(digits) else { return false }
        return port > 0
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Whether calls travel encrypted.
    public var isEncrypted: Bool { scheme == "https" }

    /// As it is written in the configuration.
    public var description: String { "\(scheme)://\(host)" }
}
