// SPDX-License-Identifier: Apache-2.0

/// The hosts that a client may have signed. Official clients differ here; the signature has to match one of them.
enum HostCandidates {
    /// The host that was sent, the same without its port, the aliases; each as it is and in lower case, none twice.
    static func of(_ wireHost: String, aliases: [String]) -> [String] {
        var candidates: [String] = []
        for host in [wireHost, withoutPort(wireHost)] + aliases {
            for form in [host, HeaderText.lowercased(host)] where !candidates.contains(form) {
                candidates.append(form)
            }
        }
        return candidates
    }

    /// Some clients, such as the one for Node.js, sign the name alone. An IPv6 address keeps its brackets.
    private static func withoutPort(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") else { return host }
        return String(host[..<colon])
    }
}
