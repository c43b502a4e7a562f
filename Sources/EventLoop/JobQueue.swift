// SPDX-License-Identifier: Apache-2.0

import CEpoll
import Glibc
import Synchronization

/// What is to run on a loop's thread: Swift jobs, and closures from anywhere.
final class JobQueue: @unchecked Sendable {
    // @unchecked Sendable: `inbox` is locked; `jobs` is touched by the loop's own thread only.

    /// What a job was queued as. To the runtime, a task that runs as a job of an actor is not on its task executor: were
    /// all jobs run as an actor's, each call of an `async` function that belongs to no actor, and each return from one,
    /// would queue the task anew.
    enum Kind {
        case task, actor
    }

    private struct Job {
        let job: UnownedJob
        let kind: Kind
    }

    private struct Inbox {
        var jobs: [Job] = []
        var closures: [@Sendable () -> Void] = []
        /// Whether the loop has been woken for what lies here already; saves a system call for each further job.
        var isAnnounced = false
    }

    /// An eventfd: readable when there is something to take from other threads.
    private let wakeup: Descriptor
    private let inbox = Mutex(Inbox())
    private var jobs: [Job] = []

    init() throws(SystemError) {
        wakeup = try Descriptor(eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)), "eventfd")
    }

    /// Readable when ``takeInbox()`` has something to do.
    var descriptor: Int32 { wakeup.rawValue }

    /// Whether the caller runs on the thread of the loop that this queue belongs to.
    var isOwnThread: Bool { LoopThread.currentLoop?.queue === self }

    func add(_ job: consuming ExecutorJob, as kind: Kind) {
        let job = Job(job: UnownedJob(job), kind: kind)
        // The usual case, a job that a job or a readiness handler of this loop made, needs neither lock nor wake-up.
        if isOwnThread { return jobs.append(job) }
        post { $0.jobs.append(job) }
    }

    func add(_ closure: @escaping @Sendable () -> Void) {
        post { $0.closures.append(closure) }
    }

    private func post(_ add: (inout Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            add(&inbox)
            defer { inbox.isAnnounced = true }
            return !inbox.isAnnounced
        }
        guard mustWake else { return }
        eventfd_write(wakeup.rawValue, 1)
    }
}

// MARK: - On the loop's thread

extension JobQueue {
    var hasJobs: Bool { !jobs.isEmpty }

    /// Takes what other threads have queued, and runs the closures among it.
    func takeInbox() {
        var value: eventfd_t = 0
        eventfd_read(wakeup.rawValue, &value)
        let taken = inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return inbox
        }
        jobs.append(contentsOf: taken.jobs)
        for closure in taken.closures { closure() }
    }

    /// Runs what is queued and what that queues, up to a bound, so that sockets get their turn too.
    func runJobs(on taskExecutor: UnownedTaskExecutor, of actorExecutor: UnownedSerialExecutor) {
        var index = 0
        while index < jobs.count, index < 4096 {
            let next = jobs[index]
            index += 1
            switch next.kind {
            case .task: next.job.runSynchronously(on: taskExecutor)
            case .actor: next.job.runSynchronously(isolatedTo: actorExecutor, taskExecutor: taskExecutor)
            }
        }
        jobs.removeFirst(index)
    }
}
