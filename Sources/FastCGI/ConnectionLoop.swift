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
    private let settings: Server.Settings
    private let budget: ByteBudget
    private let load: ServerLoad
    private let handler: Server.Handler
    private let refuse: Server.RefusalHandler

    private var connections: [UInt64: Connection] = [:]
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
        sweepTimer = loop.makeTimer { self.assumeIsolated { $0.sweep() } }
        acceptTimer = loop.makeTimer { self.assumeIsolated { $0.resumeAccepting() } }
        sweepTimer?.deadline = .now + .seconds(1)
        try watchListener()
    }

    /// Takes no new work. From here on, the listening socket is not used any more.
    func beginDraining() {
        guard !isDraining else { return }
        isDraining = true
        // Whoever connected before the end was announced is still served.
        while case let descriptor = linux_accept(socket.descriptor), descriptor >= 0 { adopt(descriptor) }
        loop.unwatch(socket.descriptor)
        acceptTimer?.deadline = nil
        for connection in connections.values where connection.stage == .idle { closeIfIdle(connection) }
        sweepTimer?.deadline = .now + Self.drainingSweepInterval
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
        let descriptor = linux_accept(socket.descriptor)
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
        load.connections.add(1, ordering: .relaxed)
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
        let idle = connections.values.filter { $0.stage == .idle }
        guard let oldest = idle.min(by: { ($0.deadline ?? .now) < ($1.deadline ?? .now) }) else { return false }
        return closeIfIdle(oldest)
    }

    /// Closes an idle connection after a last look: a request that is already here is served.
    ///
    /// - Returns: Whether it is closed.
    @discardableResult
    private func closeIfIdle(_ connection: Connection) -> Bool {
        read(connection)
        guard connections[connection.id] != nil else { return true }
        guard connection.stage == .idle else { return false }
        if isDraining, connection.isFresh {
            connection.deadline = .now + settings.drainGrace
            return false
        }
        close(connection)
        return true
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
            connection.closesAfterWriting = !connection.reader.keepConnection || isDraining
        case .aborted:
            close(connection)
        case .refused(let refusal, let parameters):
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
        connection.closesAfterWriting = !connection.reader.keepConnection || isDraining
        connection.reader.finishRequest()
        connection.timedStage = nil
    }

    /// Writes what there is to write, and sees what the connection waits for next.
    private func goOn(_ connection: Connection) {
        guard connections[connection.id] != nil else { return }
        guard let written = connection.flush() else { return close(connection) }
        let stage = connection.stage
        if stage != .writing, connection.closesAfterWriting { return close(connection) }
        if stage == .idle, isDraining, !connection.isFresh { return close(connection) }
        // Who does not read what it is sent is not read from either, or its questions would pile up answers here.
        loop.setInterest(stage == .writing ? .writable : .readable, of: connection.descriptor)
        // Each limit starts with its stage, however slowly bytes come: only what is written extends it.
        guard stage != connection.timedStage || (stage == .writing && written > 0) else { return }
        connection.timedStage = stage
        connection.deadline = timeLimit(of: stage).map { .now + $0 }
    }

    private func timeLimit(of stage: Connection.Stage) -> Duration? {
        switch stage {
        case .reading: settings.requestTimeout
        case .answering: nil
        case .writing: settings.writeTimeout
        case .idle: settings.idleTimeout
        }
    }

    /// Closes for good. A handler that is still at work is cancelled: the web server has gone.
    private func close(_ connection: Connection) {
        guard connections.removeValue(forKey: connection.id) != nil else { return }
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
        sweepTimer?.deadline = now + (isDraining ? Self.drainingSweepInterval : .seconds(1))
    }

    private func tellWhenDone() {
        guard isDraining, isClosed || (requestsInFlight == 0 && connections.isEmpty) else { return }
        let waiting = whenDone
        whenDone = []
        for continuation in waiting { continuation.resume() }
    }
}
