// SPDX-License-Identifier: Apache-2.0

public import EventLoop
import HTTPTypes
import Synchronization

/// A FastCGI application server: requests in, an `async` handler, responses out.
///
/// Every event loop accepts, reads, answers and writes on its own; nothing blocks, and no request and no idle
/// connection holds a thread.
///
/// ```swift
/// let loops = try EventLoopGroup()
/// let server = try Server(address: Address("unix:/run/app.sock"), loops: loops) { request in
///     Response(status: .ok, body: Array("hello \(request.parameters["REQUEST_URI"] ?? "")".utf8))
/// }
/// try await server.start()
/// await server.drain(within: .seconds(30))
/// ```
public final class Server: Sendable {
    /// Answers a request. Runs on the loop of its connection; cancelled when the web server goes away.
    public typealias Handler = @Sendable (Request) async -> Response
    /// Makes the answer to a request that is over a limit or broken.
    public typealias RefusalHandler = @Sendable (Refusal, Parameters) -> Response

    /// Limits and times of a server.
    public struct Settings: Sendable {
        /// Bytes of parameters (CGI variables and request headers) of one request.
        public var parameterBytes = 64 << 10
        /// Bytes of one request's body.
        public var bodyBytes = 4 << 20
        /// Bytes of parameters and bodies that all requests hold together.
        public var bytesHeld = 512 << 20
        /// Connections open at once; more wait in the backlog.
        public var maximumConnections = 8192
        /// Bytes read at once, for each loop.
        public var readBufferBytes = 128 << 10
        /// Time for a request to arrive in, from its first byte (or from the connection) on.
        public var requestTimeout: Duration = .seconds(30)
        /// Time without any progress after which a web server that does not read its answer is given up.
        public var writeTimeout: Duration = .seconds(30)
        /// Time that a kept connection may idle. Longer than nginx's 60 s, so that nginx is the one to close.
        public var idleTimeout: Duration = .seconds(120)
        /// Time that a drain leaves to connections without a request: for the first byte of one that was just made, and for
        /// the web server to close one that it keeps.
        public var drainGrace: Duration = .seconds(1)

        /// The defaults.
        public init() {}

        var readerLimits: RequestReader.Limits {
            .init(parameterBytes: parameterBytes, bodyBytes: bodyBytes)
        }
    }

    /// The socket the server listens on.
    public let socket: ListeningSocket
    private let connectionLoops: [ConnectionLoop]
    private let budget: ByteBudget
    private let load = ServerLoad()

    /// Opens the socket. Connections wait in its backlog until ``start()``.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - loops: Loops to serve with, each its share of the connections.
    ///   - settings: Limits and times.
    ///   - other: A server whose `bytesHeld` holds for both together; alone where absent.
    ///   - refuse: Makes the answer to a request that is over a limit; plain text where absent.
    ///   - handler: Answers a request.
    /// - Throws: `SystemError` where the socket cannot be opened.
    public init(
        address: Address, loops: EventLoopGroup, settings: Settings = Settings(),
        sharingBytesWith other: Server? = nil, refuse: @escaping RefusalHandler = Server.refusePlainly,
        handler: @escaping Handler
    ) throws(SystemError) {
        let socket = try ListeningSocket(address)
        let budget = other?.budget ?? ByteBudget(limit: settings.bytesHeld)
        let load = load
        self.socket = socket
        self.budget = budget
        connectionLoops = loops.loops.map { loop in
            ConnectionLoop(
                loop: loop, socket: socket, settings: settings, budget: budget, load: load, handler: handler,
                refuse: refuse)
        }
    }

    /// Answers a refused request with its status alone.
    public static func refusePlainly(_ refusal: Refusal, _ parameters: Parameters) -> Response {
        switch refusal {
        case .parametersTooLarge: Response(status: .requestHeaderFieldsTooLarge)
        case .malformedContentLength, .bodyTooShort, .bodyTooLong: Response(status: .badRequest)
        case .bodyTooLarge: Response(status: .contentTooLarge)
        case .overloaded: Response(status: .serviceUnavailable)
        }
    }

    /// Connections open now.
    public var openConnections: Int { load.connections.load(ordering: .relaxed) }
    /// Requests that handlers work on now.
    public var requestsInFlight: Int { load.requests.load(ordering: .relaxed) }
    /// Connections accepted since the start.
    public var acceptedConnections: Int { load.accepted.load(ordering: .relaxed) }
    /// Requests refused since the start because all together held as many bytes as they may.
    public var overloadRefusals: Int { load.overloaded.load(ordering: .relaxed) }
    /// Bytes of parameters and bodies held now, by all servers that share the bound.
    public var bytesHeld: Int { budget.bytesHeld }
    /// Bytes that may be held.
    public var bytesHeldLimit: Int { budget.limit }

    /// Starts to accept.
    public func start() async throws(SystemError) {
        for connectionLoop in connectionLoops { try await connectionLoop.start() }
    }

    /// Serves differently from now on: requests that have not arrived whole yet are answered by the new handler, under the
    /// new limits. Those that a handler works on are not touched, and no connection is.
    ///
    /// No request pays for this: each loop has its own copy of the handler. When this returns, all of them have the new one.
    ///
    /// - Parameters:
    ///   - settings: Limits and times. The size of the read buffers stays; `bytesHeld` holds for both servers that share it.
    ///   - refuse: Makes the answer to a request that is over a limit.
    ///   - handler: Answers a request.
    public func change(
        settings: Settings, refuse: @escaping RefusalHandler = Server.refusePlainly, handler: @escaping Handler
    ) async {
        budget.limit = settings.bytesHeld
        for connectionLoop in connectionLoops {
            await connectionLoop.change(settings: settings, handler: handler, refuse: refuse)
        }
    }

    /// Takes no new work, lets what was begun finish, and closes.
    ///
    /// - Parameter limit: Time after which what is left is given up.
    /// - Returns: The number of requests that were given up.
    @discardableResult
    public func drain(within limit: Duration) async -> Int {
        socket.withdraw()
        for connectionLoop in connectionLoops { await connectionLoop.beginDraining() }
        socket.close()
        return await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for connectionLoop in self.connectionLoops { await connectionLoop.waitUntilDone() }
            }
            // Bounded, because `sleep` traps on what lies centuries ahead.
            group.addTask { try? await Task.sleep(for: min(limit, .seconds(1_000_000_000))) }
            await group.next()
            group.cancelAll()
            var givenUp = 0
            for connectionLoop in connectionLoops { givenUp += await connectionLoop.closeAll() }
            return givenUp
        }
    }
}
