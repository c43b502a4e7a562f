// SPDX-License-Identifier: Apache-2.0

import CEpoll
import Glibc

/// One thread, one epoll set: readiness of descriptors, timers, and Swift tasks, all on the same thread.
///
/// The loop is a `TaskExecutor`, so a task started with `Task(executorPreference: loop)` runs where its connection lives,
/// and has a `SerialExecutor`, so an actor whose executor that is may be entered from a readiness handler without a hop
/// (`assumeIsolated`). A call that is served by one loop therefore never changes threads.
///
/// Nothing that runs on a loop may block: a handler that waits delays every connection of that loop.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    // @unchecked Sendable: all mutable state is touched by the loop's own thread only, which every method that touches
    // it checks.

    /// Called on the loop's thread with what a descriptor is ready for.
    public typealias ReadinessHandler = @Sendable (Readiness) -> Void

    /// The loop's place among its siblings; names its thread and picks per-loop state.
    public let index: Int

    /// What is to run on the thread.
    let queue: JobQueue
    private let actorExecutor: ActorExecutor
    private let epoll: Descriptor

    // Loop-confined from here on.
    private var watches: [Watch?] = []
    private var timers: [LoopTimer] = []
    private var generation: UInt32 = 0
    private var stopping = false

    /// Creates a loop and starts its thread. The thread ends with ``stop()``.
    ///
    /// - Throws: `SystemError` where the kernel grants no more descriptors or threads.
    public init(index: Int = 0) throws(SystemError) {
        self.index = index
        epoll = try Descriptor(epoll_create1(Int32(EPOLL_CLOEXEC)), "epoll_create1")
        queue = try JobQueue()
        actorExecutor = ActorExecutor(queue: queue)
        try control(EPOLL_CTL_ADD, queue.descriptor, events: EPOLLIN.rawValue, generation: 0)
        try DetachedThread.start(named: "loop-\(index)") { self.run() }
    }

    /// The loop whose thread this is, if it is one.
    public static var current: EventLoop? { LoopThread.currentLoop }

    /// Whether the caller runs on this loop's thread.
    public var isCurrent: Bool { LoopThread.currentLoop === self }

    /// Ends the loop's thread once the work that is queued now has run. Work that comes later is never run.
    public func stop() {
        execute { self.stopping = true }
    }
}

// MARK: - Work from anywhere

extension EventLoop {
    /// Runs a job of a task on the loop: the requirement of `TaskExecutor`.
    public func enqueue(_ job: consuming ExecutorJob) {
        queue.add(job, as: .task)
    }

    /// Runs a closure on the loop's thread, soon.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        queue.add(body)
    }

    /// The executor as a task runs on it.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

    /// The executor of actors that live on this loop; for their `unownedExecutor`. The loop has to outlive them.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: actorExecutor) }

    /// Stops the program where the caller does not run on the loop's thread.
    public func checkIsolated() {
        precondition(isCurrent, "must run on loop \(index)")
    }
}

// MARK: - Descriptors

extension EventLoop {
    private struct Watch {
        let handler: ReadinessHandler
        let generation: UInt32
        var interest: Readiness
    }

    /// Calls `handler` whenever the descriptor is ready for what `interest` names, or has hung up.
    ///
    /// To be called on the loop's thread. The descriptor stays the caller's: ``unwatch(_:)`` it before closing it.
    ///
    /// - Parameters:
    ///   - descriptor: A non-blocking descriptor that this loop does not watch yet.
    ///   - interest: What to wait for; may be empty.
    ///   - exclusive: For a listening socket that several loops watch: wake one of them, not all.
    ///   - handler: Runs on the loop's thread.
    /// - Throws: `SystemError` where the kernel cannot watch it, `EEXIST` where this loop does already.
    public func watch(
        _ descriptor: Int32, for interest: Readiness, exclusive: Bool = false, handler: @escaping ReadinessHandler
    ) throws(SystemError) {
        checkIsolated()
        generation &+= 1
        let events = exclusive ? EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue : interest.epollEvents
        try control(EPOLL_CTL_ADD, descriptor, events: events, generation: generation)
        let index = Int(descriptor)
        while watches.count <= index { watches.append(nil) }
        watches[index] = Watch(handler: handler, generation: generation, interest: interest)
    }

    /// Changes what a watched descriptor is waited for. Costs nothing where it stays the same.
    public func setInterest(_ interest: Readiness, of descriptor: Int32) {
        checkIsolated()
        let index = Int(descriptor)
        guard index < watches.count, let watch = watches[index], watch.interest != interest else { return }
        watches[index]?.interest = interest
        // It can only fail for a descriptor that is closed already, which `unwatch` tidies up.
        try? control(EPOLL_CTL_MOD, descriptor, events: interest.epollEvents, generation: watch.generation)
    }

    /// Stops watching. Harmless for a descriptor that is not watched.
    public func unwatch(_ descriptor: Int32) {
        checkIsolated()
        let index = Int(descriptor)
        guard index < watches.count, watches[index] != nil else { return }
        watches[index] = nil
        epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, descriptor, nil)
    }

    /// Whether this loop watches the descriptor.
    public func isWatching(_ descriptor: Int32) -> Bool {
        checkIsolated()
        return Int(descriptor) < watches.count && watches[Int(descriptor)] != nil
    }

    private func control(
        _ operation: Int32, _ descriptor: Int32, events: UInt32, generation: UInt32
    ) throws(SystemError) {
        var event = epoll_event()
        event.events = events
        // The generation tells an event of this watch from a late one of a closed descriptor with the same number.
        event.data.u64 = UInt64(UInt32(bitPattern: descriptor)) | UInt64(generation) << 32
        guard epoll_ctl(epoll.rawValue, operation, descriptor, &event) == 0 else { throw SystemError("epoll_ctl") }
    }
}

// MARK: - Timers

extension EventLoop {
    /// Makes a timer that runs `body` on the loop's thread. It is meant for the few timers that live as long as their
    /// owner (one for each client or server), which ``drop(_:)``s it in the end, not for one a request. To be called on the loop's thread.
    public func makeTimer(_ body: @escaping @Sendable () -> Void) -> LoopTimer {
        checkIsolated()
        let timer = LoopTimer(body)
        timers.append(timer)
        return timer
    }

    /// Forgets a timer whose owner needs it no longer. To be called on the loop's thread.
    public func drop(_ timer: LoopTimer) {
        checkIsolated()
        timer.deadline = nil
        timers.removeAll { $0 === timer }
    }
}

// MARK: - The loop itself

extension EventLoop {
    private func run() {
        LoopThread.currentLoop = self
        var events = [epoll_event](repeating: epoll_event(), count: 256)
        while !stopping {
            let count = epoll_wait(epoll.rawValue, &events, Int32(events.count), millisecondsToWait())
            // A negative count is EINTR: nothing is ready, the rest goes on as usual.
            for event in events.prefix(Int(max(count, 0))) { dispatch(event) }
            fireTimers()
            queue.runJobs(on: asUnownedTaskExecutor(), of: asUnownedSerialExecutor())
        }
        LoopThread.currentLoop = nil
    }

    private func dispatch(_ event: epoll_event) {
        let descriptor = Int32(truncatingIfNeeded: event.data.u64 & 0xFFFF_FFFF)
        if descriptor == queue.descriptor { return queue.takeInbox() }
        let index = Int(descriptor)
        guard index < watches.count, let watch = watches[index],
            watch.generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32)
        else { return }
        watch.handler(Readiness(epollEvents: event.events))
    }

    private func fireTimers() {
        guard !timers.isEmpty else { return }
        let now = Monotonic.now
        for timer in timers {
            guard let deadline = timer.deadline, deadline <= now else { continue }
            timer.deadline = nil
            timer.body()
        }
    }

    private func millisecondsToWait() -> Int32 {
        if queue.hasJobs { return 0 }
        guard let next = timers.lazy.compactMap(\.deadline).min() else { return -1 }
        let now = Monotonic.now
        // Rounded up: waking early would only mean waiting again.
        return next <= now ? 0 : Int32(clamping: (next.nanoseconds - now.nanoseconds + 999_999) / 1_000_000)
    }
}
