// SPDX-License-Identifier: Apache-2.0

public import EventLoop
import FastCGI
public import Logging
public import ServiceLifecycle
import Synchronization

/// scf-relay: its sockets, and the configuration in force behind them.
public final class RelayService: Service {
    private let lasting: LastingParts
    private let inForce: Mutex<Wiring>
    private let site: Server
    private let api: Server?
    private let source: ConfigurationSource
    private let triggers: ReloadTriggers
    private let logger: Logger

    /// Opens the sockets; connections wait until ``run()``.
    ///
    /// - Parameters:
    ///   - checked: The configuration to begin with.
    ///   - source: Where it comes from, and is read again from.
    ///   - triggers: Say when.
    ///   - loops: The loops to run on.
    ///   - writer: Where calls are logged.
    ///   - logger: Where everything else is logged.
    ///   - now: The time, in UNIX seconds.
    /// - Throws: `SystemError` where a socket cannot be opened; `StoreError` where the store cannot.
    public init(
        _ checked: CheckedConfiguration, from source: ConfigurationSource, reloadedBy triggers: ReloadTriggers,
        loops: EventLoopGroup, writer: LogWriter, logger: Logger, now: @escaping @Sendable () -> Int
    ) throws {
        let configuration = checked.configuration
        let lasting = try LastingParts(
            configuration, observers: [], log: CallLog(writer: writer, now: now), loops: loops, logger: logger,
            now: now)
        let wiring = Wiring(checked, lasting)
        lasting.adopt(wiring)
        let site = try Server(
            address: configuration.listen, loops: loops, settings: wiring.siteSettings,
            refuse: wiring.site.refusalHandler, handler: wiring.site.handler)
        if let address = configuration.apiListen, let router = wiring.api {
            api = try Server(
                address: address, loops: loops, settings: wiring.apiSettings, sharingBytesWith: site,
                refuse: router.refusalHandler, handler: router.handler)
        } else {
            api = nil
        }
        lasting.metrics.servers.set([site] + (api.map { [$0] } ?? []))
        self.lasting = lasting
        self.site = site
        self.source = source
        self.triggers = triggers
        self.logger = logger
        inForce = Mutex(wiring)
    }

    private var servers: [Server] { [site] + (api.map { [$0] } ?? []) }

    /// Serves until the process is told to end, then lets what was begun finish.
    public func run() async throws {
        for server in servers {
            try await server.start()
            logger.info("listening", metadata: ["address": "\(server.socket.address)"])
        }
        lasting.readiness.beginServing()
        StartupCode.unmap()
        // Off the loops: it waits for the disk.
        let keeping = lasting.history.map { history in Task { await history.run() } }
        let delivering = lasting.deliveries.map { deliveries in
            Task(executorPreference: lasting.loops.loops[lasting.loops.loops.count - 1]) { await deliveries.run() }
        }
        let reloading = Task { await self.triggers.run { await self.reload($0) } }
        try? await gracefulShutdown()
        reloading.cancel()
        lasting.readiness.beginDraining()
        logger.info("draining", metadata: ["inFlight": "\(servers.reduce(0) { $0 + $1.requestsInFlight })"])
        let givenUp = await drain(delivering)
        lasting.history?.stop()
        await keeping?.value
        logger.info("stopped", metadata: ["givenUp": "\(givenUp)"])
    }

    /// All at once: they have the same time.
    private func drain(_ delivering: Task<Void, Never>?) async -> Int {
        let limit = Duration.seconds(inForce.withLock { $0.configuration.load.drainSeconds })
        return await withTaskGroup(of: Int.self) { group in
            if let deliveries = lasting.deliveries, let delivering {
                group.addTask {
                    await deliveries.drain(delivering, within: limit)
                    return 0
                }
            }
            for server in servers { group.addTask { await server.drain(within: limit) } }
            return await group.reduce(0, +)
        }
    }
}

// MARK: - Another configuration

extension RelayService {
    /// Reads the configuration again. Where all of it is right, it is in force when this returns; else the old one stays, and
    /// the log says why.
    private func reload(_ reason: ReloadTriggers.Reason) async {
        let running = inForce.withLock { $0 }
        do {
            let checked = try await source.read(
                succeeding: running.credentials, loops: { [loops = lasting.loops] in loops }, logger: logger,
                now: lasting.now())
            try checked.configuration.checkThatItCanReplace(running.configuration, file: source.file)
            await putInForce(Wiring(checked, lasting, succeeding: running))
            lasting.metrics.reloads.note(taken: true, at: lasting.now())
            logger.info(
                "configuration in force",
                metadata: [
                    "file": "\(source.file)", "reason": "\(reason.rawValue)",
                    "credential": "\(checked.credentials.description)",
                ])
        } catch {
            lasting.metrics.reloads.note(taken: false, at: lasting.now())
            for text in Self.reasons(error) {
                logger.error("configuration refused; the old one stays", metadata: ["error": "\(text)"])
            }
        }
    }

    private func putInForce(_ wiring: Wiring) async {
        inForce.withLock { $0 = wiring }
        lasting.adopt(wiring)
        await site.change(
            settings: wiring.siteSettings, refuse: wiring.site.refusalHandler, handler: wiring.site.handler)
        guard let api, let router = wiring.api else { return }
        await api.change(settings: wiring.apiSettings, refuse: router.refusalHandler, handler: router.handler)
    }

    /// What `scf-relay check` says, a line each.
    private static func reasons(_ error: any Error) -> [String] {
        guard let error = error as? ConfigurationError else { return [ConfigurationSource.reason(error)] }
        return error.problems.map { "\(error.file): \($0)" }
    }
}

extension Router {
    fileprivate var handler: Server.Handler { { await self.answer($0) } }
    fileprivate var refusalHandler: Server.RefusalHandler { { self.answer($0, $1) } }
}
