// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Relay
import TencentCloud

/// `scf-relay check`: says in words what is wrong with a configuration.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check a configuration, without serving.")

    @Option(help: "The configuration, relay.yaml.")
    var config: String

    func run() async throws {
        let (configuration, credential) = try await Startup.load(config)
        print("\(config) is right.")
        print("listen      \(configuration.listen)")
        print("cloud       \(configuration.cloud.endpoint), \(configuration.cloud.region)")
        print("credential  \(credential.secretId), from the \(configuration.cloud.credentials.rawValue)")
        print("functions   \(configuration.functions.map { "\($0.namespace)/\($0.name)" }.joined(separator: ", "))")
    }
}
