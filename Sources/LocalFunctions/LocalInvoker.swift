// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
public import Invocation
public import TencentCloud

/// Runs functions on this machine, as processes, and answers as the cloud would.
///
/// ```swift
/// let invoker = LocalInvoker(functions: try FunctionFolder(root: "functions"))
/// let answer = try await invoker.invoke(request, requestId: id)
/// ```
///
/// It is for trying functions out. A function has this program's user and may read what that user may read.
public struct LocalInvoker: Invoker {
    /// How much may happen at once, how much a function may answer, and how long things wait.
    public struct Limits: Sendable {
        /// Functions that run at a time; calls beyond that wait in line.
        public var concurrentRuns = 32
        /// Event runs among them. Fewer than may run in all, so that they cannot hold up every call that somebody
        /// waits for.
        public var eventRuns = 16
        /// Event calls that are accepted and not done; calls beyond that get `RequestLimitExceeded`.
        public var eventQueue = 128
        /// Time between an Event run that failed and the next. The cloud waits a minute.
        public var retryPause = Duration.seconds(1)
        /// Processes that wait for a further event, of all functions together.
        public var idleProcesses = 16
        /// How long each of them waits before it ends.
        public var idleTime = Duration.seconds(300)
        /// The longest result, in bytes: the cloud's 6 MB.
        public var resultBytes = 6 << 20

        /// The limits that fit a developer's machine.
        public init() {}
    }

    /// What a function is given where the call has no ClientContext.
    private static let emptyEvent = Array("{}".utf8)

    let functions: FunctionFolder
    private let region: String
    private let resultLimit: Int
    private let pool: ProcessPool
    private let slots: RunSlots
    private let eventSlots: RunSlots
    private let eventRuns: EventRuns
    private let onRunEnd: @Sendable (_ log: String) -> Void

    /// Creates an invoker.
    ///
    /// - Parameters:
    ///   - functions: Where the functions are.
    ///   - region: The region that functions are told, where the call names none.
    ///   - limits: How much may happen at once.
    ///   - clock: Measures time limits, pauses and how long processes wait. What a run took is measured for real.
    ///   - onRunEnd: Given the last 4 KB of each run's log; a run has none where the function could not be run.
    ///   - onEventEnd: Told how each Event run ended, for the caller never is; its log is that of LogType Tail.
    public init(
        functions: FunctionFolder, region: String = "ap-guangzhou", limits: Limits = Limits(),
        clock: any Clock<Duration> = ContinuousClock(),
        onRunEnd: @escaping @Sendable (_ log: String) -> Void = { _ in },
        onEventEnd: @escaping @Sendable (EventRunReport) -> Void = { _ in }
    ) {
        self.functions = functions
        self.region = region
        self.onRunEnd = onRunEnd
        resultLimit = limits.resultBytes
        pool = ProcessPool(idleTime: limits.idleTime, idleLimit: limits.idleProcesses, clock: clock)
        slots = RunSlots(count: limits.concurrentRuns)
        eventSlots = RunSlots(count: limits.eventRuns)
        eventRuns = EventRuns(limit: limits.eventQueue, pause: limits.retryPause, clock: clock, report: onEventEnd)
    }

    /// Runs the function and answers with what the cloud would answer; see ``Invoker/invoke(_:for:)``.
    ///
    /// - Throws: `ResourceNotFound.*`, `FailedOperation.*` where the function cannot be run, `RequestLimitExceeded`.
    public func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        // Files are read and processes started here. The caller's own thread, which may serve others, does neither.
        try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(CloudError) -> InvokeAnswer in
            let run = try prepare(request, id: UUID().uuidString.lowercased())
            switch request.invocationType {
            case .requestResponse:
                let result = try await inTurn(run, withLog: request.logType == .tail)
                return InvokeAnswer(result: result, requestId: context.requestId)
            case .event:
                try await accept(request, run, context)
                return InvokeAnswer(result: InvokeResult(functionRequestId: run.id), requestId: context.requestId)
            }
        }
    }

    /// Ends: refuses new Event calls, waits for those under way, and after `patience` drops them; then ends the
    /// processes that wait for events.
    public func drain(within patience: Duration) async {
        await eventRuns.drain(within: patience)
        await pool.close()
    }

    private func prepare(_ request: InvokeRequest, id: String) throws(CloudError) -> FunctionRun {
        let function = try functions.function(
            named: request.functionName, in: request.namespace ?? FunctionFolder.defaultNamespace,
            qualifier: request.qualifierInForce)
        return FunctionRun(
            function: function, event: request.clientContext?.text ?? Self.emptyEvent,
            region: request.region ?? region, asynchronous: request.invocationType == .event,
            resultLimit: resultLimit, id: id)
    }

    private func inTurn(_ run: FunctionRun, withLog: Bool) async throws(CloudError) -> InvokeResult {
        try await slots.hold { () async throws(CloudError) -> InvokeResult in
            var result = try await run.result(in: pool, withLog: true)
            onRunEnd(result.log)
            if !withLog { result.log = "" }
            return result
        }
    }

    private func accept(_ request: InvokeRequest, _ run: FunctionRun, _ context: CallContext) async throws(CloudError) {
        let call = EventRuns.Call(
            functionName: run.function.name, namespace: run.function.namespace, id: run.id, context: context,
            retries: run.function.settings.retries
        ) { () async throws(CloudError) -> InvokeResult in
            try await eventSlots.hold { () async throws(CloudError) -> InvokeResult in
                // Prepared anew: a function that was mended after the first run is run as it is now.
                try await inTurn(try prepare(request, id: run.id), withLog: true)
            }
        }
        try await eventRuns.start(call)
    }
}
