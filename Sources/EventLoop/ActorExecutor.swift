// SPDX-License-Identifier: Apache-2.0

/// Runs the jobs of the actors of one loop, on its thread. Tasks have the loop itself as their executor.
final class ActorExecutor: SerialExecutor {
    private let queue: JobQueue

    init(queue: JobQueue) {
        self.queue = queue
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.add(job, as: .actor)
    }

    /// Lets `assumeIsolated` succeed in readiness handlers and timers, which run outside any task.
    func checkIsolated() {
        precondition(queue.isOwnThread, "an actor of a loop is entered from elsewhere")
    }
}
