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
        let checked = try await Startup.orExit {
            try await Startup.source(config).read(
                loops: { try EventLoopGroup(count: 1) }, logger: nil, now: ServerProcess.unixSeconds())
        }
        let configuration = checked.configuration
        print("\(config) is right.")
        print("listen      \(configuration.listen)")
        print("cloud       \(configuration.cloud.endpoint), \(configuration.cloud.region)")
        print("credential  \(checked.credentials.description)")
        print("functions   \(Self.names(configuration.functions))")
        for hook in configuration.hookDescriptions { print("hook        \(hook)") }
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
