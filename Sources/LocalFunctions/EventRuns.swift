// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// The runs that were started with InvocationType Event: nobody waits for them but the end of the program.
actor EventRuns {
    private let limit: Int
    private var running: [String: Task<Void, Never>] = [:]
    private var draining = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Starts a run and returns at once.
    ///
    /// - Throws: `RequestLimitExceeded` where too many are running, `ServiceUnavailable` after ``drain(within:)``.
    func start(_ id: String, _ run: @escaping @Sendable () async -> Void) throws(CloudError) {
        guard !draining else {
            throw CloudError("ServiceUnavailable", "no new run is begun: the program is about to end")
        }
        guard running.count < limit else {
            throw CloudError(
                "RequestLimitExceeded", "\(limit) asynchronous runs are under way, and no more are allowed",
                retryAfterSeconds: 1)
        }
        running[id] = Task {
            await run()
            running[id] = nil
        }
    }

    /// Refuses new runs, waits for those under way, and after `patience` kills them.
    func drain(within patience: Duration) async {
        draining = true
        let runs = Array(running.values)
        await withTaskGroup { group in
            group.addTask {
                for run in runs { await run.value }
            }
            group.addTask {
                // Cut short where all runs ended first, and where whoever drains has no more time.
                try? await Task.sleep(for: patience)
                runs.forEach { $0.cancel() }
            }
            // Either all have ended, or all were told to end: then the first task ends soon too.
            await group.next()
            guard !running.isEmpty else { return group.cancelAll() }
            await group.waitForAll()
        }
    }
}
