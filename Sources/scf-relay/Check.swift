// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EventLoop
import Relay
import TencentCloud

/// `scf-relay check`: says in words what is wrong with a configuration.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check a configuration, without serving.")

    @Option(help: "The configuration, relay.yaml.")
    var config: String

    func run() async throws {
        let configuration = try Startup.configuration(config)
        let credentials = try await Startup.orExit {
            try await CloudCredentials.find(
                configuration.cloud, environment: Startup.environment, loops: { try EventLoopGroup(count: 1) },
                logger: nil, now: ServerProcess.unixSeconds())
        }
        print("\(config) is right.")
        print("listen      \(configuration.listen)")
        print("cloud       \(configuration.cloud.endpoint), \(configuration.cloud.region)")
        print("credential  \(credentials.description)")
        print("functions   \(Self.names(configuration.functions))")
        guard let apiListen = configuration.apiListen else { return }
        print("cloud API   \(apiListen)")
        for caller in configuration.callers {
            let keys = caller.keys.map(\.secretId).joined(separator: ", ")
            print("caller      \(caller.name) (\(keys)): \(Self.names(caller.functions))")
        }
    }

    private static func names(_ functions: [FunctionList.Entry]) -> String {
        functions.map { "\($0.namespace)/\($0.name)" }.joined(separator: ", ")
    }
}
