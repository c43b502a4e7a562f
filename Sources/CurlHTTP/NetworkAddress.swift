// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IPv4 or IPv6 address.
public struct NetworkAddress: Sendable, Hashable {
    /// 4 or 16 bytes, in network order.
    public let bytes: [UInt8]

    /// Takes an address in its text form; `nil` where the text is none.
    public init?(_ text: String) {
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four, Array.init)
        } else if inet_pton(AF_INET6, text, &six) == 1 {
            bytes = withUnsafeBytes(of: &six, Array.init)
        } else {
            return nil
        }
    }

    /// Takes the address of a socket; `nil` for another family than IPv4 and IPv6.
    ///
    /// - Parameters:
    ///   - family: `AF_INET` or `AF_INET6`.
    ///   - start: The `sockaddr_in` or `sockaddr_in6` that goes with it.
    init?(family: Int32, socketAddress start: UnsafeRawPointer) {
        switch family {
        case AF_INET: bytes = withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in.self).sin_addr, Array.init)
        case AF_INET6: bytes = withUnsafeBytes(of: start.loadUnaligned(as: sockaddr_in6.self).sin6_addr, Array.init)
        default: return nil
        }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether the address belongs to a host on the public internet: to no private, shared, local, documentation,
    /// multicast or otherwise special network (RFC 6890 and the registries of IANA).
    ///
    /// An IPv4 address inside an IPv6 one counts as the IPv4 address that it reaches.
    public var isPublic: Bool {
        if let inner = innerIPv4 { return inner.isPublic }
        if bytes.count == 4 { return !Self.special4.contains { $0.contains(self) } }
        return Self.global6.contains(self) && !Self.special6.contains { $0.contains(self) }
    }

    /// The IPv4 address in `::ffff:a.b.c.d` (mapped) or `64:ff9b::a.b.c.d` (NAT64).
    private var innerIPv4: NetworkAddress? {
        guard bytes.count == 16, Self.embedding.contains(where: { $0.contains(self) }) else { return nil }
        return NetworkAddress(bytes: Array(bytes[12...]))
    }

    private static func ranges(_ texts: String...) -> [AddressRange] {
        texts.map { text in
            guard let range = AddressRange(text) else { preconditionFailure("\(text) is no range of addresses") }
            return range
        }
    }

    private static let embedding = ranges("::ffff:0:0/96", "64:ff9b::/96")
    private static let special4 = ranges(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4")
    /// All that IANA has given out for hosts.
    private static let global6 = ranges("2000::/3")[0]
    /// What of that is not a host: protocol assignments (Teredo among them), documentation, 6to4.
    private static let special6 = ranges("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
}

/// A range of addresses, such as `10.0.0.0/8`.
public struct AddressRange: Sendable, Hashable {
    private let start: [UInt8]
    private let length: Int

    /// Takes `address/length`, or a single address; `nil` where the text is neither.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NetworkAddress(String(first)) else { return nil }
        start = address.bytes
        guard parts.count == 2 else {
            length = start.count * 8
            return
        }
        guard let length = Int(parts[1]), (0...start.count * 8).contains(length) else { return nil }
        self.length = length
    }

    /// Whether an address of the same family lies in the range.
    public func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == start.count else { return false }
        let whole = length / 8
        guard address.bytes[..<whole] == start[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (address.bytes[whole] ^ start[whole]) >> (8 - UInt8(rest)) == 0
    }
}
