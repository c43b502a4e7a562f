// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EventLoop
import FastCGI
import Relay

/// `scf-relay doctor`: says what does not fit together, each with the line to change.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the configuration, nginx, this machine and the cloud together, and say what does not fit.",
        discussion: """
            Nothing is changed, and no function is run: the cloud is asked for lists and settings alone. Run it as the user, \
            and with the environment, of the relay. Exits 0 where nothing is wrong, else 1.
            """)

    @Option(help: "The configuration, relay.yaml.")
    var config: String
    @Option(help: "nginx's configuration, or the site's part of it; what it includes is read too.")
    var nginx: String?
    @Option(help: "What 'listen: fd:0' is, such as unix:/run/scf-relay/relay.sock.")
    var socket: String?
    @Option(help: "The same for apiListen.")
    var apiSocket: String?

    func run() async throws {
        let doctor = try Startup.orExit {
            try Relay.Doctor(
                Startup.source(config), nginxFile: nginx, socket: try socket.map { try Address($0) },
                apiSocket: try apiSocket.map { try Address($0) })
        }
        let loops = try Startup.orExit { try EventLoopGroup(count: 1) }
        let diagnosis = await doctor.diagnosis(loops: loops, now: ServerProcess.unixSeconds)
        print(diagnosis.text)
        if !diagnosis.findings.isEmpty { throw ExitCode(1) }
    }
}
