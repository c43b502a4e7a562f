// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Relay

/// A stand-in for the cloud on this machine: verifies signatures, runs functions of a folder.
@main
struct SCFLocal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scf-local",
        abstract: "Answers the cloud's Invoke API with functions of this machine.",
        version: Version.current,
        subcommands: [Serve.self, List.self])

    /// No variable that this program needs is a secret, and whatever it was started with, its functions could read.
    private static let variables = ["PATH", "HOME", "TMPDIR", "LANG", "LC_ALL"]

    static func main() async {
        ProcessEnvironment.forget(allBut: variables)
        await main(nil)
    }
}
