// SPDX-License-Identifier: Apache-2.0

public import Invocation
public import TencentCloud

/// How one run of a function ended that was called with InvocationType Event: nobody waits for it.
public struct EventRunReport: Sendable {
    /// The function's name.
    public let functionName: String
    /// The function's namespace.
    public let namespace: String
    /// The id that the caller was given: the same for every run of one call.
    public let functionRequestId: String
    /// The call that asked for it.
    public let context: CallContext
    /// 0 for the first run, 1 for the first repetition, ….
    public let retryNum: Int
    /// Whether it will be run again.
    public let willRetry: Bool
    /// What the run answered, its log included; or why there was none.
    public let outcome: Result<InvokeResult, CloudError>
}

/// The Event calls that were accepted and are not done yet. A run that fails is run again, as the cloud does.
actor EventRuns {
    /// An Event call: what to run, and how often again.
    struct Call: Sendable {
        let functionName: String
        let namespace: String
        let id: String
        let context: CallContext
        let retries: Int
        let run: @Sendable () async throws(CloudError) -> InvokeResult
    }

    private let limit: Int
    private let pause: Duration
    private let clock: any Clock<Duration>
    private let report: @Sendable (EventRunReport) -> Void
    private var underWay: [String: Task<Void, Never>] = [:]
    private var draining = false

    /// `limit` counts calls that are under way, wait for their turn, or wait to be run again after `pause`; `report` is
    /// told how each run ended, and of each call that was dropped.
    init(
        limit: Int, pause: Duration, clock: any Clock<Duration>, report: @escaping @Sendable (EventRunReport) -> Void
    ) {
        self.limit = limit
        self.pause = pause
        self.clock = clock
        self.report = report
    }

    /// Accepts a call and returns at once.
    ///
    /// - Throws: `RequestLimitExceeded` where too many are under way, `ServiceUnavailable` after ``drain(within:)``.
    func start(_ call: Call) throws(CloudError) {
        guard !draining else {
            throw CloudError("ServiceUnavailable", "no new run is begun: the program is about to end")
        }
        guard underWay.count < limit else {
            throw CloudError(
                "RequestLimitExceeded", "\(limit) asynchronous runs are under way, and no more are allowed",
                retryAfterSeconds: 1)
        }
        underWay[call.id] = Task {
            await perform(call)
            underWay[call.id] = nil
        }
    }

    /// Refuses new calls, waits for those under way, and after `patience` drops them: their processes are killed.
    func drain(within patience: Duration) async {
        draining = true
        let calls = Array(underWay.values)
        await withTaskGroup { group in
            group.addTask {
                for call in calls { await call.value }
            }
            group.addTask {
                // Cut short where all calls ended first, and where whoever drains has no more time.
                try? await Task.sleep(for: patience)
                calls.forEach { $0.cancel() }
            }
            // Either all have ended, or all were told to end: then the first task ends soon too.
            await group.next()
            guard !underWay.isEmpty else { return group.cancelAll() }
            await group.waitForAll()
        }
    }

    private func perform(_ call: Call) async {
        for retryNum in 0...call.retries {
            let outcome: Result<InvokeResult, CloudError>
            do throws(CloudError) {
                outcome = .success(try await call.run())
            } catch {
                outcome = .failure(error)
            }
            // What could not be run at all will not be possible in a moment either; nor is what was given up wanted.
            let failed = (try? outcome.get())?.failed ?? false
            let willRetry = failed && retryNum < call.retries && !Task.isCancelled
            tell(call, retryNum, willRetry: willRetry, outcome)
            guard willRetry else { return }
            do {
                try await clock.sleep(for: pause)
            } catch {
                let dropped = CloudError("InternalError.System", "the program ends before the function was run again")
                return tell(call, retryNum + 1, willRetry: false, .failure(dropped))
            }
        }
    }

    private func tell(
        _ call: Call, _ retryNum: Int, willRetry: Bool, _ outcome: Result<InvokeResult, CloudError>
    ) {
        report(
            EventRunReport(
                functionName: call.functionName, namespace: call.namespace, functionRequestId: call.id,
                context: call.context, retryNum: retryNum, willRetry: willRetry, outcome: outcome))
    }
}
