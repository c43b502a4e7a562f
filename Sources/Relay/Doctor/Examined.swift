// SPDX-License-Identifier: Apache-2.0

import FastCGI

/// The relay that a doctor looks at: its configuration, and where that says what.
struct Examined: Sendable {
    let configuration: Configuration
    let lines: ConfigurationLines
    /// The socket of `listen`; `nil` where that is one that somebody else makes and nobody has said which.
    let listen: Address?
    /// The same of `apiListen`.
    let apiListen: Address?
    /// What was said of a socket that the configuration says itself.
    let contradictions: [Finding]

    /// Seconds after which the relay has answered any call: the time in its queue, and that of the cloud.
    var patience: Int { configuration.cloud.timeoutSeconds + configuration.load.queueSeconds }

    /// Looks at a configuration; `listen` and `apiListen` say what `fd:N` is there.
    init(
        _ configuration: Configuration, lines: ConfigurationLines, listen: Address? = nil, apiListen: Address? = nil
    ) {
        self.configuration = configuration
        self.lines = lines
        self.listen = Self.known(configuration.listen) ?? listen
        self.apiListen = configuration.apiListen.flatMap { Self.known($0) ?? apiListen }
        contradictions = [
            Self.contradiction(of: "--socket", listen, to: configuration.listen, "listen", lines),
            Self.contradiction(of: "--api-socket", apiListen, to: configuration.apiListen, "apiListen", lines),
        ].compactMap { $0 }
    }

    private static func contradiction(
        of option: String, _ said: Address?, to configured: Address?, _ key: String, _ lines: ConfigurationLines
    ) -> Finding? {
        guard let said, said != configured else { return nil }
        if case .descriptor? = configured { return nil }
        let other = configured.map { "'\(key)' is \($0)" } ?? "there is no '\(key)'"
        return Finding(
            at: lines.place(of: key),
            "\(option) says what '\(key): fd:…' is, but \(other): \(said) was not looked at.",
            write: "\(key): fd:N    # N: the descriptor, where somebody else makes the socket; else leave \(option) out"
        )
    }

    private static func known(_ address: Address) -> Address? {
        if case .descriptor = address { nil } else { address }
    }
}
