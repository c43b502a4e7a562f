// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import EventLoop
import FastCGI
public import Invocation
public import Logging
public import ServiceLifecycle
import TencentCloud

/// scf-relay, wired up: doors, policy, and the cloud behind them.
public struct RelayService: Service {
    private let servers: [Server]
    private let drainLimit: Duration
    private let readiness: Readiness
    private let deliveries: DeliveryService?
    private let loops: EventLoopGroup
    private let logger: Logger

    /// Opens the sockets; connections wait until ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: What `relay.yaml` says.
    ///   - credentials: What calls to the cloud are signed with.
    ///   - loops: The loops to run on.
    ///   - writer: Where calls are logged.
    ///   - logger: Where everything else is logged.
    ///   - now: The time, in UNIX seconds.
    /// - Throws: `SystemError` where a socket cannot be opened; `StoreError` where the store cannot.
    public init(
        configuration: Configuration, credentials: any CredentialProvider, loops: EventLoopGroup, writer: LogWriter,
        logger: Logger, now: @escaping @Sendable () -> Int
    ) throws {
        let log = CallLog(writer: writer, now: now)
        let gate = InFlightGate(limit: configuration.load.inFlight)
        let readiness = Readiness(gate: gate)
        let functions = FunctionList(configuration.functions)
        let pacer = Pacer(configuration.load.requestsPerSecond, configuration.load)
        let cloud = Self.cloudInvoker(configuration, credentials, loops, pacer, now)
        let invoker = PolicedInvoker(
            functions: functions, gate: gate, pacer: pacer, actions: configuration.actions, invoker: cloud)
        deliveries = try DeliveryService(
            configuration, invoker: invoker, loops: loops, logger: logger, now: now)
        let inbox: any HookInbox = if let deliveries { deliveries.inbox } else { WithoutStore() }
        let hooks = HookDoor.doors(
            configuration.hooks, invoker: invoker, inbox: inbox,
            limits: configuration.limits, log: log, now: now)
        let router = Router.relay(
            functions: functions, invoker: invoker, limits: configuration.limits, readiness: readiness, hooks: hooks,
            deliveries: deliveries, log: log)
        let server = try Server(
            address: configuration.listen, loops: loops,
            settings: Self.settings(configuration, bodyBytes: configuration.limits.requestBodyBytes),
            refuse: { router.answer($0, $1) }, handler: { await router.answer($0) })
        var servers = [server]
        if let address = configuration.apiListen {
            let callers = Callers(configuration.callers) { caller in
                PolicedInvoker(
                    functions: FunctionList(caller.functions, of: "the caller \(caller.name)"), gate: gate,
                    pacer: pacer, ownPacer: Pacer(caller.requestsPerSecond, configuration.load),
                    actions: configuration.actions, invoker: OwnCredentialRefusals(invoker: cloud))
            }
            let api = Router.cloudAPI(
                access: callers, regions: .any, limits: configuration.limits, obstacle: { readiness.obstacle },
                log: log, now: now)
            servers.append(
                try Server(
                    address: address, loops: loops,
                    settings: Self.settings(configuration, bodyBytes: RequestSize.bodyBytes),
                    sharingBytesWith: server, refuse: { api.answer($0, $1) }, handler: { await api.answer($0) }))
        }
        self.servers = servers
        drainLimit = .seconds(configuration.load.drainSeconds)
        self.readiness = readiness
        self.loops = loops
        self.logger = logger
    }

    /// Serves until the process is told to end, then lets what was begun finish.
    public func run() async throws {
        for server in servers {
            try await server.start()
            logger.info("listening", metadata: ["address": "\(server.socket.address)"])
        }
        readiness.beginServing()
        StartupCode.unmap()
        let delivering = deliveries.map { deliveries in
            Task(executorPreference: loops.loops[loops.loops.count - 1]) { await deliveries.run() }
        }
        try? await gracefulShutdown()
        readiness.beginDraining()
        logger.info("draining", metadata: ["inFlight": "\(servers.reduce(0) { $0 + $1.requestsInFlight })"])
        let givenUp = await drain(delivering)
        logger.info("stopped", metadata: ["givenUp": "\(givenUp)"])
    }

    /// All at once: they have the same time.
    private func drain(_ delivering: Task<Void, Never>?) async -> Int {
        await withTaskGroup(of: Int.self) { group in
            if let deliveries, let delivering {
                group.addTask {
                    await deliveries.drain(delivering, within: drainLimit)
                    return 0
                }
            }
            for server in servers { group.addTask { await server.drain(within: drainLimit) } }
            return await group.reduce(0, +)
        }
    }

    private static func cloudInvoker(
        _ configuration: Configuration, _ credentials: any CredentialProvider, _ loops: EventLoopGroup, _ pacer: Pacer,
        _ now: @escaping @Sendable () -> Int
    ) -> CloudInvoker {
        var settings = HTTPClient.Settings()
        settings.responseBytes = configuration.limits.responseBytes
        settings.allowsPlainHTTP = !configuration.cloud.endpoint.isEncrypted
        return CloudInvoker(
            endpoint: configuration.cloud.endpoint, region: configuration.cloud.region,
            actions: configuration.actions, credentials: credentials,
            client: HTTPClient(loops: loops, settings: settings),
            timeout: .seconds(configuration.cloud.timeoutSeconds), limits: configuration.limits, now: now,
            pause: { (time, action) throws(CloudError) in
                try await CloudInvoker.sleep(time, action)
                // A further try counts like any other call.
                if action.isPaced { try await pacer.takeTurn() }
            })
    }

    private static func settings(_ configuration: Configuration, bodyBytes: Int) -> Server.Settings {
        var settings = Server.Settings()
        settings.bodyBytes = bodyBytes
        settings.bytesHeld = configuration.load.bytesHeld
        // A call holds a connection, and so does the answer that refuses one too many.
        settings.maximumConnections = max(settings.maximumConnections, configuration.load.inFlight + 1024)
        return settings
    }
}

extension Pacer {
    fileprivate convenience init(_ requestsPerSecond: Int, _ load: Configuration.Load) {
        self.init(perSecond: requestsPerSecond, longestWait: .seconds(load.queueSeconds))
    }
}
