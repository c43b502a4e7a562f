// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CurlHTTP
import EventLoop
import Foundation
import Relay

/// `scf-relay hooks`: what concerns webhooks.
struct Hooks: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Try webhooks out.", subcommands: [Test.self])

    /// `scf-relay hooks test NAME`: is the sender, and shows what it is answered.
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send what a hook's sender would send, signed with the hook's secret.",
            discussion: "Exits 0 where the hook answers with 2xx, else 1.")

        @Argument(help: "The hook, as in POST /hooks/NAME.")
        var name: String
        @Option(help: "The configuration, relay.yaml; the secrets that it names must be here too.")
        var config: String
        @Option(help: "The file to send; - for standard input.")
        var body: String
        @Option(help: "The hook's address (default: \(HookTest.defaultSite)/hooks/NAME).")
        var url: String?
        @Option(help: "What the file is.")
        var contentType = "application/json"
        @Option(name: .customLong("header"), help: "A header field, such as 'X-GitHub-Event: ping'. Repeatable.")
        var headers: [String] = []

        func run() async throws {
            let configuration = try Startup.configuration(config)
            let test = try Startup.orExit { try HookTest(name, in: configuration) }
            let request = try Startup.orExit {
                try test.request(
                    body: try test.body(from: body), to: url ?? test.defaultURL, contentType: contentType,
                    extraFields: try fields(),
                    now: ServerProcess.unixSeconds())
            }
            let answer = try await Startup.orExit { try await send(request) }
            show(answer)
            guard (200...299).contains(answer.status) else { throw ExitCode(1) }
        }

        private func send(_ request: HTTPClient.Request) async throws -> HTTPClient.Response {
            let loops = try EventLoopGroup(count: 1)
            defer { loops.stop() }
            var settings = HTTPClient.Settings()
            settings.allowsPlainHTTP = request.url.hasPrefix("http://")
            return try await HTTPClient(loops: loops, settings: settings).send(request)
        }

        private func fields() throws -> [(name: String, value: String)] {
            try headers.map { header in
                guard let colon = header.firstIndex(of: ":") else {
                    throw ValidationError("--header '\(header)' has no ':'; write 'Name: value'")
                }
                let value = header[header.index(after: colon)...].drop { $0 == " " }
                return (String(header[..<colon]), String(value))
            }
        }

        private func show(_ answer: HTTPClient.Response) {
            let head = "HTTP \(answer.status)\nContent-Type: \(answer.contentType ?? "none")\n\n"
            FileHandle.standardOutput.write(Data(head.utf8) + Data(answer.body) + Data("\n".utf8))
        }
    }
}
