// SPDX-License-Identifier: Apache-2.0

import CEpoll
import EventLoop
import Glibc
import Synchronization

/// The connections of one event loop. Being an actor on that loop, it is entered from readiness handlers without a hop,
/// and the compiler sees to it that nothing else touches a connection.
actor ConnectionLoop {
    private let loop: EventLoop
    private let socket: ListeningSocket
    private var settings: Server.Settings
    private let budget: ByteBudget
    private let load: ServerLoad
    private var handler: Server.Handler
    private var refuse: Server.RefusalHandler

    private var connections: [UInt64: Connection] = [:]
    private var silentConnections = ConnectionQueue()
    private var idleConnections = ConnectionQueue()
    private var lastId: UInt64 = 0
    private var scratch: [UInt8]
    private var isAccepting = false
    private var isDraining = false
    private var isClosed = false
    private var requestsInFlight = 0
    private var whenDone: [CheckedContinuation<Void, Never>] = []
    private var sweepTimer: LoopTimer?
    private var acceptTimer: LoopTimer?

    private static let drainingSweepInterval = Duration.milliseconds(100)

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(
        loop: EventLoop, socket: ListeningSocket, settings: Server.Settings, budget: ByteBudget, load: ServerLoad,
        handler: @escaping Server.Handler, refuse: @escaping Server.RefusalHandler
    ) {
        self.loop = loop
        self.socket = socket
        self.settings = settings
        self.budget = budget
        self.load = load
        self.handler = handler
        self.refuse = refuse
        scratch = [UInt8](repeating: 0, count: settings.readBufferBytes)
    }

    func start() throws(SystemError) {
        guard !isDraining else { return }
        acceptTimer = loop.makeTimer { self.assumeIsolated { $0.resumeAccepting() } }
        sweep(in: .seconds(1))
        try watchListener()
    }

    /// Requests that arrive whole from now on are answered like this; those that are being answered are not touched.
    func change(
        settings: Server.Settings, handler: @escaping Server.Handler, refuse: @escaping Server.RefusalHandler
    ) {
        self.settings = settings
        self.handler = handler
        self.refuse = refuse
        for connection in connections.values { connection.reader.limits = settings.readerLimits }
    }

    /// Takes no new work. From here on, the listening socket is not used any more.
    func beginDraining() {
        guard !isDraining else { return }
        isDraining = true
        // Whoever connected before the end was announced is still served.
        while case let descriptor = socket.accept(), descriptor >= 0 { adopt(descriptor) }
        loop.unwatch(socket.descriptor)
        acceptTimer?.deadline = nil
        for connection in connections.values where connection.stage == .idle { dismissIfIdle(connection) }
        sweep(in: Self.drainingSweepInterval)
    }

    /// Returns when what was begun is answered, or given up.
    func waitUntilDone() async {
        guard !isClosed, requestsInFlight > 0 || !connections.isEmpty else { return }
        await withCheckedContinuation { whenDone.append($0) }
    }

    /// Gives up whatever is left.
    ///
    /// - Returns: The number of requests that were being read, handled or answered.
    func closeAll() -> Int {
        let unhandled = connections.values.filter { $0.task == nil && $0.stage != .idle }
        let givenUp = requestsInFlight + unhandled.count
        for connection in connections.values { close(connection) }
        sweepTimer?.deadline = nil
        // A handler that does not heed its cancellation holds nobody up.
        isClosed = true
        tellWhenDone()
        return givenUp
    }
}

// MARK: - Accepting

extension ConnectionLoop {
    private func watchListener() throws(SystemError) {
        try loop.watch(socket.descriptor, for: .readable, exclusive: true) { _ in
            self.assumeIsolated { $0.acceptOne() }
        }
        isAccepting = true
    }

    /// One for each wake-up, so that a burst spreads over the loops; what is left wakes a loop again at once.
    private func acceptOne() {
        if load.connections.load(ordering: .relaxed) >= settings.maximumConnections, !evictOldestIdle() {
            return pauseAccepting()
        }
        let descriptor = socket.accept()
        guard descriptor < 0 else { return adopt(descriptor) }
        switch errno {
        case EAGAIN, EINTR, ECONNABORTED: return
        // Out of descriptors or memory: the listener stays ready, and asking again at once would spin.
        default: if !evictOldestIdle() { pauseAccepting() }
        }
    }

    private func adopt(_ descriptor: Int32) {
        if socket.isTCP {
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        lastId += 1
        let id = lastId
        let reader = RequestReader(limits: settings.readerLimits, budget: budget)
        let connection = Connection(id: id, descriptor: descriptor, reader: reader)
        do {
            try loop.watch(descriptor, for: .readable) { readiness in
                self.assumeIsolated { $0.ready(id, readiness) }
            }
        } catch {
            Glibc.close(descriptor)
            return pauseAccepting()
        }
        connection.deadline = .now + settings.requestTimeout
        connections[id] = connection
        setClosable(.silent, connection)
        load.connections.add(1, ordering: .relaxed)
        load.accepted.add(1, ordering: .relaxed)
        // The web server sends at once after it connects: reading now saves a turn of the loop.
        read(connection)
    }

    private func pauseAccepting() {
        guard !isDraining else { return }
        loop.unwatch(socket.descriptor)
        isAccepting = false
        acceptTimer?.deadline = .now + .milliseconds(50)
    }

    /// Closes the idle connection whose time is up first.
    ///
    /// - Returns: `false` where there is none.
    private func evictOldestIdle() -> Bool {
        let oldest = [silentConnections.first, idleConnections.first].compactMap(\.self)
            .min { ($0.deadline ?? .now) < ($1.deadline ?? .now) }
        return oldest.map(closeIfIdle) ?? false
    }

    /// Notes whether a connection may be closed to make room; `nil` while a request is on its way.
    private func setClosable(_ closable: Connection.Closable?, _ connection: Connection) {
        switch connection.closable {
        case .silent: silentConnections.remove(connection)
        case .idle: idleConnections.remove(connection)
        case nil: break
        }
        switch closable {
        case .silent: silentConnections.append(connection)
        case .idle: idleConnections.append(connection)
        case nil: break
        }
        connection.closable = closable
    }

    /// Closes an idle connection after a last look: a request that is already here is served.
    ///
    /// - Returns: Whether it is closed.
    @discardableResult
    private func closeIfIdle(_ connection: Connection) -> Bool {
        read(connection)
        guard connections[connection.id] != nil else { return true }
        guard connection.stage == .idle else { return false }
        close(connection)
        return true
    }

    /// Lets the web server close an idle connection, after a last look: a request that is already here is served.
    private func dismissIfIdle(_ connection: Connection) {
        read(connection)
        guard connections[connection.id] != nil, connection.stage == .idle else { return }
        // Who has just connected is about to send, and not to be let down.
        if !connection.isFresh { connection.queueDismissal() }
        connection.timedStage = nil
        goOn(connection)
    }

    private func resumeAccepting() {
        guard !isDraining, !isAccepting else { return }
        do {
            try watchListener()
        } catch {
            acceptTimer?.deadline = .now + .milliseconds(50)
        }
    }
}

// MARK: - Reading

extension ConnectionLoop {
    private func ready(_ id: UInt64, _ readiness: Readiness) {
        guard let connection = connections[id] else { return }
        if readiness.contains(.hungUp) { return close(connection) }
        if readiness.contains(.writable) { goOn(connection) }
        if readiness.contains(.readable), connections[id] != nil { read(connection) }
    }

    /// Reads one buffer's worth; what is left makes the socket ready again, after the others had their turn.
    private func read(_ connection: Connection) {
        switch connection.read(into: &scratch) {
        case .nothingYet: return
        case .ended: return close(connection)
        case .bytes(let count): process(connection, count)
        }
    }

    private func process(_ connection: Connection, _ count: Int) {
        var offset = 0
        while offset < count, !connection.closesAfterWriting, connections[connection.id] != nil {
            do {
                guard let event = try connection.reader.next(scratch.span.extracting(0..<count), &offset) else {
                    break
                }
                handle(event, on: connection)
            } catch {
                return close(connection)
            }
        }
        goOn(connection)
    }

    private func handle(_ event: RequestReader.Event, on connection: Connection) {
        switch event {
        case .reply(let bytes):
            connection.queue(bytes)
        case .abandoned(let bytes):
            connection.queue(bytes)
            endRequest(on: connection)
        case .aborted:
            close(connection)
        case .refused(let refusal, let parameters):
            if case .overloaded = refusal { load.overloaded.add(1, ordering: .relaxed) }
            answer(connection, with: refuse(refusal, parameters))
        case .request(let request):
            start(request, on: connection)
        }
    }
}

// MARK: - Answering

extension ConnectionLoop {
    private func start(_ request: Request, on connection: Connection) {
        requestsInFlight += 1
        load.requests.add(1, ordering: .relaxed)
        let id = connection.id
        // The handler holds these bytes until it ends, even where the connection is gone before.
        let bytesHeld = connection.reader.handOverBytes()
        connection.task = Task(executorPreference: loop) { [handler] in
            let response = await handler(request)
            await self.finish(id, bytesHeld, response)
        }
    }

    private func finish(_ id: UInt64, _ bytesHeld: Int, _ response: Response) {
        requestsInFlight -= 1
        load.requests.subtract(1, ordering: .relaxed)
        budget.giveBack(bytesHeld)
        // The connection is gone where the web server gave up in the meantime.
        if let connection = connections[id] {
            connection.task = nil
            answer(connection, with: response)
            goOn(connection)
        }
        tellWhenDone()
    }

    private func answer(_ connection: Connection, with response: Response) {
        connection.queue(response)
        endRequest(on: connection)
        connection.reader.finishRequest()
        connection.timedStage = nil
    }

    private func endRequest(on connection: Connection) {
        connection.closesAfterWriting = !connection.reader.keepConnection
        if isDraining, connection.reader.keepConnection { connection.queueDismissal() }
    }

    /// Writes what there is to write, and sees what the connection waits for next.
    private func goOn(_ connection: Connection) {
        guard connections[connection.id] != nil else { return }
        guard let written = connection.flush() else { return close(connection) }
        let stage = connection.stage
        if stage != .writing, connection.closesAfterWriting { return close(connection) }
        // Who does not read what it is sent is not read from either, or its questions would pile up answers here.
        loop.setInterest(stage == .writing ? .writable : .readable, of: connection.descriptor)
        // Each limit starts with its stage, however slowly bytes come: only what is written extends it.
        guard stage != connection.timedStage || (stage == .writing && written > 0) else { return }
        connection.timedStage = stage
        if stage == .idle || connection.closable != nil { setClosable(stage == .idle ? .idle : nil, connection) }
        connection.deadline = timeLimit(of: stage).map { .now + $0 }
    }

    private func timeLimit(of stage: Connection.Stage) -> Duration? {
        switch stage {
        case .reading: settings.requestTimeout
        case .answering: nil
        case .writing: settings.writeTimeout
        case .idle: isDraining ? settings.drainGrace : settings.idleTimeout
        }
    }

    /// Closes for good. A handler that is still at work is cancelled: the web server has gone.
    private func close(_ connection: Connection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
        setClosable(nil, connection)
        connection.task?.cancel()
        connection.reader.finishRequest()
        loop.unwatch(connection.descriptor)
        Glibc.close(connection.descriptor)
        load.connections.subtract(1, ordering: .relaxed)
        tellWhenDone()
    }
}

// MARK: - Time and the end

extension ConnectionLoop {
    private func sweep() {
        let now = Monotonic.now
        for connection in connections.values where connection.deadline.map({ $0 < now }) ?? false {
            close(connection)
        }
        sweep(in: isDraining ? Self.drainingSweepInterval : .seconds(1))
    }

    /// A drain may come without a start.
    private func sweep(in interval: Duration) {
        let timer = sweepTimer ?? loop.makeTimer { self.assumeIsolated { $0.sweep() } }
        timer.deadline = .now + interval
        sweepTimer = timer
    }

    private func tellWhenDone() {
        guard isDraining, isClosed || (requestsInFlight == 0 && connections.isEmpty) else { return }
        let waiting = whenDone
        whenDone = []
        for continuation in waiting { continuation.resume() }
    }
}
