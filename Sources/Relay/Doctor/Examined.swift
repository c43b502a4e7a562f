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

    /// Seconds after which the relay has answered any call: the time in its queue, and that of the cloud.
    var patience: Int { configuration.cloud.timeoutSeconds + configuration.load.queueSeconds }

    /// Looks at a configuration; `listen` and `apiListen` say what `fd:N` is there.
    init(
        _ configuration: Configuration, lines: ConfigurationLines, listen: Address? = nil, apiListen: Address? = nil
    ) {
        self.configuration = configuration
        self.lines = lines
        self.listen = Self.known(configuration.listen) ?? listen
        self.apiListen = configuration.apiListen.flatMap(Self.known) ?? apiListen
    }

    private static func known(_ address: Address) -> Address? {
        if case .descriptor = address { nil } else { address }
    }
}
