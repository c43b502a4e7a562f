// SPDX-License-Identifier: Apache-2.0

import CurlHTTP

/// Where results may be sent: to origins on a list, and to no address of a private or special network that is not listed.
struct CallbackRules: Sendable, Equatable {
    /// `https://host` or `https://host:port`; `http` only where the list says so.
    var origins: [CallbackOrigin] = []
    /// Networks that are not public and may be reached all the same.
    var networks: [AddressRange] = []

    /// Whether a result may be sent to this address of the web.
    func allows(url: String) -> Bool {
        guard let origin = CallbackOrigin(of: url) else { return false }
        return origins.contains(origin)
    }

    /// Whether a connection may be made to this address of a network. It is asked about the very address that the
    /// connection goes to, so that a name that resolves anew to somewhere else gets nowhere.
    func allows(_ address: NetworkAddress) -> Bool {
        address.isPublic || networks.contains { $0.contains(address) }
    }

    /// Whether any listed origin is plain HTTP.
    var allowsPlainHTTP: Bool { origins.contains { $0.scheme == "http" } }
}

/// Scheme, host and port.
struct CallbackOrigin: Sendable, Hashable {
    let scheme: String
    let host: String
    let port: Int

    /// The origin of an absolute URL.
    ///
    /// - Returns: `nil` for what is no plain `http` or `https` URL: user names, empty hosts, odd characters.
    init?(of url: String) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }),
            let separator = url.firstRange(of: "://")
        else { return nil }
        scheme = url[..<separator.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else { return nil }
        let authority = url[separator.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), let (host, port) = Self.split(authority) else { return nil }
        self.host = host.lowercased()
        self.port = port ?? (scheme == "https" ? 443 : 80)
        guard Self.isHost(self.host) else { return nil }
    }

    /// An origin alone, without a path.
    init?(exactly text: String) {
        self.init(of: text)
        guard let separator = text.firstRange(of: "://"),
            !text[separator.upperBound...].contains(where: { "/?#".contains($0) })
        else { return nil }
    }

    private static func split(_ authority: Substring) -> (host: String, port: Int?)? {
        let end =
            authority.hasPrefix("[")
            ? authority.firstIndex(of: "]").map(authority.index(after:)) : authority.firstIndex(of: ":")
        guard let end, end < authority.endIndex else { return (String(authority), nil) }
        let digits = authority[end...].dropFirst()
        guard authority[end] == ":", digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits),
            (1...65_535).contains(port)
        else { return nil }
        return (String(authority[..<end]), port)
    }

    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("[") {
            return host.hasSuffix("]") && NetworkAddress(String(host.dropFirst().dropLast())) != nil
        }
        return !host.isEmpty && host.utf8.count <= 253
            && host.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
    }
}
