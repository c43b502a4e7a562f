// SPDX-License-Identifier: Apache-2.0

public import EventLoop
public import FastCGI
public import Invocation
public import Logging
public import ServiceLifecycle
public import TencentCloud

/// scf-local, wired up: the cloud's API, and functions of this machine behind it.
public struct LocalCloudService: Service {
    private let server: Server
    private let logger: Logger
    private let drainLimit: Duration
    private let afterDrain: @Sendable (_ timeLeft: Duration) async -> Void

    /// Opens the socket; connections wait until ``run()``.
    ///
    /// - Parameters:
    ///   - address: Where the web server connects.
    ///   - credentials: Who may call.
    ///   - invoker: Runs the functions.
    ///   - catalogue: Knows what functions there are.
    ///   - maximumInFlight: Calls under way at once.
    ///   - drainLimit: Time that everything under way has left when the process is told to end.
    ///   - loops: The loops to run on.
    ///   - writer: Where calls are logged.
    ///   - logger: Where everything else is logged.
    ///   - now: The time, in UNIX seconds.
    ///   - afterDrain: Ends what still runs when the last call is answered, in what is left of that time.
    /// - Throws: `SystemError` where the socket cannot be opened.
    public init(
        address: Address, credentials: [Credential], invoker: any Invoker,
        catalogue: any FunctionCatalogue, maximumInFlight: Int, drainLimit: Duration, loops: EventLoopGroup,
        writer: LogWriter, logger: Logger,
        now: @escaping @Sendable () -> Int, afterDrain: @escaping @Sendable (_ timeLeft: Duration) async -> Void
    ) throws(SystemError) {
        let observer = CallLog(writer: writer, now: now)
        let router = Router.localCloud(
            invoker: GatedInvoker(gate: InFlightGate(limit: maximumInFlight), invoker: invoker),
            catalogue: catalogue, credentials: credentials, observer: observer, now: now)
        var settings = Server.Settings()
        settings.bodyBytes = RequestSize.bodyBytes
        server = try Server(
            address: address, loops: loops, settings: settings, refuse: { router.answer($0, $1) },
            handler: { await router.answer($0) })
        self.logger = logger
        self.drainLimit = drainLimit
        self.afterDrain = afterDrain
    }

    /// Serves until the process is told to end, then lets what was begun finish.
    public func run() async throws {
        try await server.start()
        logger.info("listening", metadata: ["address": "\(server.socket.address)"])
        try? await gracefulShutdown()
        let deadline = ContinuousClock.now + drainLimit
        let givenUp = await server.drain(within: drainLimit)
        await afterDrain(max(.zero, deadline - ContinuousClock.now))
        logger.info("stopped", metadata: ["givenUp": "\(givenUp)"])
    }
}

/// An invoker that takes a bounded number of calls at once.
private struct GatedInvoker: Invoker {
    let gate: InFlightGate
    let invoker: any Invoker

    func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        try await gate.pass { () async throws(CloudError) in
            try await invoker.invoke(request, for: context)
        }
    }
}
