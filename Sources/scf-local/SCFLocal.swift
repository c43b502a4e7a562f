// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A stand-in for the cloud on this machine: verifies signatures, runs functions of a folder.
@main
struct SCFLocal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scf-local",
        abstract: "Answers the cloud's Invoke API with functions of this machine.",
        subcommands: [Serve.self, List.self])
}
