// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import EventLoop
import FastCGI
import Foundation
import Invocation
import LocalFunctions
import Logging
public import Relay
import TencentCloud

/// `scf-local serve`: runs until SIGTERM or SIGINT, then lets functions under way finish.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the cloud's API.")

    @Option(help: "The folder with the functions: NAMESPACE/FUNCTION/index.py, index.js or bootstrap.")
    var functions: String

    @Option(help: "Where the web server connects: unix:PATH, tcp:HOST:PORT or fd:0.")
    var listen: String

    @Option(help: "Calls under way at once.")
    var maxInFlight = 512

    @Option(help: "Functions that run at once; more wait.")
    var maxRuns = 32

    @Option(help: "Seconds that a process of a function waits for a further event before it ends.")
    var idleSeconds = 300

    @Option(help: "Seconds between an Event run that failed and the next.")
    var retrySeconds = 1

    @Flag(help: "Print the end of each run's log on standard output.")
    var functionLogs = false

    @Option(help: "Seconds that functions under way have left when the process is told to end.")
    var drainSeconds = 30

    /// Known to everybody, and good for nothing but this stand-in. The second is a temporary one, as roles have it.
    private static let credentials = [
        Credential(secretId: "AKIDLOCAL", secretKey: Secret("local-secret")),
        Credential(
            secretId: "AKIDLOCALTEMPORARY", secretKey: Secret("local-secret"), token: Secret("local-token")),
    ]

    @Option(help: "How lines of the log look: json, or text for people.")
    var logFormat = LogFormat.json

    func validate() throws {
        guard maxInFlight > 0, maxRuns > 0 else {
            throw ValidationError("--max-in-flight and --max-runs must be at least 1")
        }
        for (option, seconds) in [
            ("--drain-seconds", drainSeconds), ("--idle-seconds", idleSeconds), ("--retry-seconds", retrySeconds),
        ] where !(0...86_400).contains(seconds) {
            throw ValidationError("\(option) must be from 0 to 86400")
        }
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
        let address = try Address(listen)
        try checkFolder(of: address)
        let folder = try FunctionFolder(root: functions)
        let process = try ServerProcess(logFormat: logFormat)
        let invoker = invoker(for: folder, process.logger)
        let service = try LocalCloudService(
            address: address, credentials: Self.credentials, invoker: invoker, catalogue: folder,
            maximumInFlight: maxInFlight, drainLimit: .seconds(drainSeconds), loops: process.loops,
            writer: process.writer, logger: process.logger, now: ServerProcess.unixSeconds,
            afterDrain: { timeLeft in await invoker.drain(within: timeLeft) })
        try await process.run(service)
    }

    /// The socket has a lock beside it, and that is what would be missed first.
    private func checkFolder(of address: Address) throws(CloudError) {
        guard case .unix(let path) = address else { return }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        throw CloudError("InvalidParameterValue", "--listen \(listen): there is no folder \(folder)")
    }

    private func invoker(for folder: FunctionFolder, _ logger: Logger) -> LocalInvoker {
        var limits = LocalInvoker.Limits()
        limits.concurrentRuns = maxRuns
        limits.eventRuns = min(limits.eventRuns, max(1, maxRuns / 2))
        limits.idleTime = .seconds(idleSeconds)
        limits.retryPause = .seconds(retrySeconds)
        return LocalInvoker(functions: folder, limits: limits) { [functionLogs] log in
            // Nobody reading it is no reason to stop.
            if functionLogs { try? FileHandle.standardOutput.write(contentsOf: Data(log.utf8)) }
        } onEventEnd: { report in
            Self.log(report, logger)
        }
    }

    /// Nobody waits for an Event run: how it ended stands in the log alone.
    private static func log(_ report: EventRunReport, _ logger: Logger) {
        var metadata: Logger.Metadata = [
            "function": "\(report.namespace)/\(report.functionName)",
            "requestId": "\(report.context.requestId)", "traceId": "\(report.context.trace.traceId)",
            "functionRequestId": "\(report.functionRequestId)", "retryNum": "\(report.retryNum)",
        ]
        switch report.outcome {
        case .success(let result):
            metadata["functionFailed"] = "\(result.failed)"
            metadata["milliseconds"] = "\(result.duration)"
            metadata["willRetry"] = "\(report.willRetry)"
            logger.log(level: result.failed ? .warning : .info, "event run ended", metadata: metadata)
        case .failure(let error):
            metadata["code"] = "\(error.code)"
            metadata["error"] = "\(error.message)"
            logger.warning("event run dropped", metadata: metadata)
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
