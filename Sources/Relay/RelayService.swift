// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import EventLoop
import FastCGI
import Invocation
public import Logging
public import ServiceLifecycle
public import TencentCloud

/// scf-relay, wired up: doors, policy, and the cloud behind them.
public struct RelayService: Service {
    private let server: Server
    private let drainLimit: Duration
    private let readiness: Readiness
    private let logger: Logger

    /// Opens the socket; connections wait until ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: What `relay.yaml` says.
    ///   - credential: What calls to the cloud are signed with.
    ///   - loops: The loops to run on.
    ///   - writer: Where calls are logged.
    ///   - logger: Where everything else is logged.
    ///   - now: The time, in UNIX seconds.
    /// - Throws: `SystemError` where the socket cannot be opened.
    public init(
        configuration: Configuration, credential: Credential, loops: EventLoopGroup, writer: LogWriter,
        logger: Logger, now: @escaping @Sendable () -> Int
    ) throws(SystemError) {
        let log = CallLog(writer: writer, now: now)
        let gate = InFlightGate(limit: configuration.load.inFlight)
        let readiness = Readiness(gate: gate)
        let functions = FunctionList(configuration.functions)
        let pacer = Pacer(
            perSecond: configuration.load.requestsPerSecond, longestWait: .seconds(configuration.load.queueSeconds))
        let cloud = Self.cloudInvoker(configuration, credential, loops, pacer, now)
        let invoker = PolicedInvoker(
            functions: functions, gate: gate, pacer: pacer, actions: configuration.actions, invoker: cloud)
        let router = Router.relay(
            functions: functions, invoker: invoker, limits: configuration.limits, readiness: readiness, log: log)
        server = try Server(
            address: configuration.listen, loops: loops, settings: Self.settings(configuration),
            refuse: { router.answer($0, $1) }, handler: { await router.answer($0) })
        drainLimit = .seconds(configuration.load.drainSeconds)
        self.readiness = readiness
        self.logger = logger
    }

    /// Serves until the process is told to end, then lets what was begun finish.
    public func run() async throws {
        try await server.start()
        logger.info("listening", metadata: ["address": "\(server.socket.address)"])
        StartupCode.unmap()
        try? await gracefulShutdown()
        readiness.beginDraining()
        logger.info("draining", metadata: ["inFlight": "\(server.requestsInFlight)"])
        let givenUp = await server.drain(within: drainLimit)
        logger.info("stopped", metadata: ["givenUp": "\(givenUp)"])
    }

    private static func cloudInvoker(
        _ configuration: Configuration, _ credential: Credential, _ loops: EventLoopGroup, _ pacer: Pacer,
        _ now: @escaping @Sendable () -> Int
    ) -> CloudInvoker {
        var settings = HTTPClient.Settings()
        settings.responseBytes = configuration.limits.responseBytes
        settings.allowsPlainHTTP = !configuration.cloud.endpoint.isEncrypted
        return CloudInvoker(
            endpoint: configuration.cloud.endpoint, region: configuration.cloud.region,
            actions: configuration.actions, credential: credential,
            client: HTTPClient(loops: loops, settings: settings),
            timeout: .seconds(configuration.cloud.timeoutSeconds), limits: configuration.limits, now: now,
            pause: { (time, action) throws(CloudError) in
                try await CloudInvoker.sleep(time, action)
                // A further try counts like any other call.
                if action.isPaced { try await pacer.takeTurn() }
            })
    }

    private static func settings(_ configuration: Configuration) -> Server.Settings {
        var settings = Server.Settings()
        settings.bodyBytes = configuration.limits.requestBodyBytes
        settings.bytesHeld = configuration.load.bytesHeld
        return settings
    }
}
