// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EventLoop
import Foundation
import Logging
import Relay
import ServiceLifecycle
import TencentCloud

/// `scf-relay serve`: runs until SIGTERM or SIGINT, then lets calls under way finish.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve calls.")

    @Option(help: "The configuration, relay.yaml.")
    var config: String

    func run() async throws {
        let configuration = try Startup.configuration(config)
        let process = try Startup.orExit { try ServerProcess() }
        let credentials = try await Startup.orExit {
            try await CloudCredentials.find(
                configuration.cloud, environment: Startup.environment, loops: { process.loops },
                logger: process.logger, now: ServerProcess.unixSeconds())
        }
        let service = try Startup.orExit {
            try RelayService(
                configuration: configuration, credentials: credentials.provider, loops: process.loops,
                writer: process.writer, logger: process.logger, now: ServerProcess.unixSeconds)
        }
        try await process.run(service)
    }
}
