// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Addresses and nets, IPv4 and IPv6, such as `10.0.0.0/8` and `::1`.
struct AddressList: Sendable, Equatable {
    private struct Net: Sendable, Equatable {
        let address: IPAddress
        let prefixLength: Int
    }

    private let nets: [Net]

    /// Reads a list.
    ///
    /// - Throws: `ConfigurationProblem` at the first text that is no address and no net.
    init(_ texts: [String]) throws(ConfigurationProblem) {
        var nets: [Net] = []
        for text in texts { nets.append(try Self.net(text)) }
        self.nets = nets
    }

    /// Whether an address is on the list. A text that is no address, such as nginx's `unix:`, never is.
    func contains(_ text: String) -> Bool {
        guard let address = IPAddress(text) else { return false }
        return nets.contains { address.isWithin($0.address, prefixLength: $0.prefixLength) }
    }

    private static func net(_ text: String) throws(ConfigurationProblem) -> Net {
        let pieces = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(String(pieces[0])) else {
            throw ConfigurationProblem(
                "'\(text)' is no address and no net; write 10.0.0.0/8, 192.0.2.7, fd00::/8 or ::1")
        }
        guard pieces.count == 2 else { return Net(address: address, prefixLength: address.bitCount) }
        guard pieces[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(pieces[1]),
            length <= address.bitCount
        else { throw ConfigurationProblem("'\(text)' needs a number from 0 to \(address.bitCount) behind the '/'") }
        guard address.hasOnlyZeros(after: length) else {
            throw ConfigurationProblem(
                "'\(text)' has bits behind its first \(length): is the net or the address meant?")
        }
        return Net(address: address, prefixLength: length)
    }
}

/// An IPv4 or IPv6 address. An IPv4 address that IPv6 wraps (`::ffff:10.0.0.1`) is the IPv4 address.
private struct IPAddress: Equatable {
    /// 4 or 16 bytes.
    let bytes: [UInt8]

    var bitCount: Int { bytes.count * 8 }

    init?(_ text: String) {
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            let all = withUnsafeBytes(of: &sixteen) { Array($0) }
            let wrapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
            bytes = all.starts(with: wrapped) ? Array(all[12...]) : all
        } else {
            return nil
        }
    }

    func isWithin(_ net: IPAddress, prefixLength: Int) -> Bool {
        guard bytes.count == net.bytes.count else { return false }
        return (0..<prefixLength).allSatisfy { bit(at: $0) == net.bit(at: $0) }
    }

    func hasOnlyZeros(after length: Int) -> Bool {
        (length..<bitCount).allSatisfy { !bit(at: $0) }
    }

    private func bit(at index: Int) -> Bool {
        bytes[index / 8] & (0x80 >> UInt8(index % 8)) != 0
    }
}
