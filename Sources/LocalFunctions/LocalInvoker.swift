// SPDX-License-Identifier: Apache-2.0

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
    /// How much may happen at once, and how much a function may answer.
    public struct Limits: Sendable {
        /// Processes at a time; calls beyond that wait in line.
        public var concurrentRuns = 32
        /// Event runs that are under way or wait in line; calls beyond that get `RequestLimitExceeded`. Fewer than may
        /// run in all, so that they cannot hold up every call that somebody waits for.
        public var eventRuns = 16
        /// The longest result, in bytes: the cloud's 6 MB.
        public var resultBytes = 6 << 20

        /// The limits that fit a developer's machine.
        public init() {}
    }

    /// What a function is given where the call has no ClientContext.
    private static let emptyEvent = Array("{}".utf8)

    private let functions: FunctionFolder
    private let region: String
    private let resultLimit: Int
    private let slots: RunSlots
    private let eventRuns: EventRuns
    private let onEventEnd: @Sendable (Result<InvokeResult, CloudError>) -> Void

    /// Creates an invoker.
    ///
    /// - Parameters:
    ///   - functions: Where the functions are.
    ///   - region: The region that functions are told, where the call names none.
    ///   - limits: How much may happen at once.
    ///   - onEventEnd: Told how each Event run ended, for the caller never is; its log is that of LogType Tail.
    public init(
        functions: FunctionFolder, region: String = "ap-guangzhou", limits: Limits = Limits(),
        onEventEnd: @escaping @Sendable (Result<InvokeResult, CloudError>) -> Void = { _ in }
    ) {
        self.functions = functions
        self.region = region
        self.onEventEnd = onEventEnd
        resultLimit = limits.resultBytes
        slots = RunSlots(count: limits.concurrentRuns)
        eventRuns = EventRuns(limit: limits.eventRuns)
    }

    /// Runs the function and answers with what the cloud would answer; see ``Invoker/invoke(_:requestId:)``.
    ///
    /// - Throws: `ResourceNotFound.*`, `FailedOperation.*` where the function cannot be run, `RequestLimitExceeded`.
    public func invoke(_ request: InvokeRequest, requestId: String) async throws(CloudError) -> InvokeAnswer {
        // Files are read and processes started here. The caller's own thread, which may serve others, does neither.
        try await withTaskExecutorPreference(globalConcurrentExecutor) { () async throws(CloudError) -> InvokeAnswer in
            let run = try prepare(request)
            switch request.invocationType {
            case .requestResponse:
                let result = try await inTurn(run, withLog: request.logType == .tail)
                return InvokeAnswer(result: result, requestId: requestId)
            case .event:
                try await start(run)
                return InvokeAnswer(result: InvokeResult(functionRequestId: run.id), requestId: requestId)
            }
        }
    }

    /// Ends: refuses new Event calls, waits for the Event runs under way, and after `patience` kills them.
    public func drain(within patience: Duration) async {
        await eventRuns.drain(within: patience)
    }

    private func prepare(_ request: InvokeRequest) throws(CloudError) -> FunctionRun {
        let function = try functions.function(
            named: request.functionName, in: request.namespace ?? FunctionFolder.defaultNamespace)
        // `$DEFAULT` is the alias that InvokeFunction uses where none is named.
        if let qualifier = request.qualifier, ![Function.version, "$DEFAULT"].contains(qualifier) {
            throw CloudError(
                "ResourceNotFound.Qualifier", "function \(function.name) has no version or alias \(qualifier)")
        }
        return FunctionRun(
            function: function, event: request.clientContext?.text ?? Self.emptyEvent,
            region: request.region ?? region, asynchronous: request.invocationType == .event, resultLimit: resultLimit)
    }

    private func inTurn(_ run: FunctionRun, withLog: Bool) async throws(CloudError) -> InvokeResult {
        do {
            try await slots.take()
        } catch {
            throw CloudError("InternalError.System", "the call was given up before the function was started")
        }
        let result: Result<InvokeResult, CloudError>
        do {
            result = .success(try await run.result(withLog: withLog))
        } catch {
            result = .failure(error)
        }
        await slots.give()
        return try result.get()
    }

    private func start(_ run: FunctionRun) async throws(CloudError) {
        try await eventRuns.start(run.id) {
            do throws(CloudError) {
                onEventEnd(.success(try await inTurn(run, withLog: true)))
            } catch {
                onEventEnd(.failure(error))
            }
        }
    }
}
