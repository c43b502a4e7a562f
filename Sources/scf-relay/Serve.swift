// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EventLoop
import Foundation
import Logging
import Relay
import ServiceLifecycle
import TencentCloud

/// `scf-relay serve`: runs until SIGTERM or SIGINT, then lets calls under way finish. Reads its configuration again on SIGHUP.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve calls.")

    @Option(help: "The configuration, relay.yaml.")
    var config: String

    func run() async throws {
        // Means "read the configuration again" once it is served, and must not end a process that has only begun.
        signal(SIGHUP, SIG_IGN)
        let process = try Startup.orExit { try ServerProcess(logFormat: Configuration.logFormat(file: config)) }
        let source = Startup.source(config)
        let triggers = await ReloadTriggers(source)
        let checked = try await Startup.orExit {
            try await source.read(
                loops: { process.loops }, logger: process.logger, now: ServerProcess.unixSeconds())
        }
        let service = try Startup.orExit {
            try RelayService(
                checked, from: source, reloadedBy: triggers, loops: process.loops, writer: process.writer,
                logger: process.logger,
                now: ServerProcess.unixSeconds)
        }
        try await process.run(service)
    }
}
