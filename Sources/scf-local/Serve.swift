// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EventLoop
import FastCGI
import Foundation
import Invocation
import LocalFunctions
import Logging
import Relay
import TencentCloud

/// `scf-local serve`: runs until SIGTERM or SIGINT, then lets functions under way finish.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the cloud's API.")

    @Option(help: "The folder with the functions: NAMESPACE/FUNCTION/index.py or bootstrap.")
    var functions: String

    @Option(help: "Where the web server connects: unix:PATH, tcp:HOST:PORT or fd:0.")
    var listen: String

    @Option(help: "Calls under way at once.")
    var maxInFlight = 512

    @Option(help: "Functions that run at once; more wait.")
    var maxRuns = 32

    @Option(help: "Seconds that functions under way have left when the process is told to end.")
    var drainSeconds = 30

    /// Known to everybody, and good for nothing but this stand-in.
    private static let credential = Credential(secretId: "AKIDLOCAL", secretKey: Secret("local-secret"))

    func validate() throws {
        guard maxInFlight > 0, maxRuns > 0 else {
            throw ValidationError("--max-in-flight and --max-runs must be at least 1")
        }
        guard drainSeconds >= 0 else { throw ValidationError("--drain-seconds must not be negative") }
    }

    func run() async throws {
        do {
            try await serve()
        } catch {
            let text = (error as? CloudError)?.message ?? "\(error)"
            FileHandle.standardError.write(Data("scf-local: \(text)\n".utf8))
            throw ExitCode(1)
        }
    }

    private func serve() async throws {
        var limits = LocalInvoker.Limits()
        limits.concurrentRuns = maxRuns
        let folder = try FunctionFolder(root: functions)
        let process = try ServerProcess()
        let invoker = LocalInvoker(functions: folder, limits: limits) { [logger = process.logger] outcome in
            Self.logEnd(ofEventRun: outcome, logger)
        }
        let drainLimit = Duration.seconds(drainSeconds)
        let service = try LocalCloudService(
            address: Address(listen), credentials: [Self.credential], invoker: invoker,
            maximumInFlight: maxInFlight, drainLimit: drainLimit, loops: process.loops, writer: process.writer,
            logger: process.logger, now: ServerProcess.unixSeconds,
            afterDrain: { await invoker.drain(within: drainLimit) })
        try await process.run(service)
    }

    /// Nobody waits for an Event run: how it ended stands in the log alone.
    private static func logEnd(ofEventRun outcome: Result<InvokeResult, CloudError>, _ logger: Logger) {
        switch outcome {
        case .success(let result):
            logger.log(
                level: result.failed ? .warning : .info, "event run ended",
                metadata: [
                    "functionRequestId": "\(result.functionRequestId)", "functionFailed": "\(result.failed)",
                    "milliseconds": "\(result.duration)",
                ])
        case .failure(let error):
            logger.warning("event run did not start", metadata: ["code": "\(error.code)", "error": "\(error.message)"])
        }
    }
}
