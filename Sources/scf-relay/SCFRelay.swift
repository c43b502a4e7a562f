// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Relay

/// The relay between browsers, webhooks and SDK code on one side and the cloud's functions on the other.
@main
struct SCFRelay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scf-relay",
        abstract: "Relays calls of functions to Tencent Cloud, signed, from behind a web server.",
        version: Version.current,
        subcommands: [Serve.self, Check.self, Doctor.self, Hooks.self, Queue.self])

    static func main() async {
        ProcessEnvironment.hide()
        await main(nil)
    }
}
