// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Invocation
import Subprocess
import SystemPackage
import TencentCloud

/// One run of one function, from the event to the `Result` that the cloud would give.
struct FunctionRun: Sendable {
    let function: Function
    let event: [UInt8]
    let region: String
    let asynchronous: Bool
    let resultLimit: Int
    /// The `FunctionRequestId`.
    let id = UUID().uuidString.lowercased()

    /// Runs the function.
    ///
    /// - Throws: Why it could not be run. A function that fails gives a result that says so.
    func result(withLog: Bool) async throws(CloudError) -> InvokeResult {
        let outcome: FunctionProcess.Outcome
        do {
            let context = FunctionContext(of: function, requestId: id, region: region)
            outcome = try await process.run(
                input: function.runtime.standardInput(for: function, event: event, context: context))
        } catch let error as SubprocessError {
            let failure = try failureToStart(error)
            return result(of: .failure(failure), log: LogTail(), duration: .zero, memory: 0, withLog: withLog)
        } catch is CancellationError {
            throw CloudError("InternalError.System", "the call was given up, and the function was stopped")
        } catch {
            throw notRun("\(error)")
        }
        let verdict = verdict(on: outcome)
        let memory = max(outcome.peakMemory, (try? verdict.get())?.peakMemory ?? 0)
        return result(of: verdict, log: outcome.log, duration: outcome.duration, memory: memory, withLog: withLog)
    }

    private var process: FunctionProcess {
        let marker = RunMarker(value: id)
        return FunctionProcess(
            command: function.runtime.command(for: function),
            environment: FunctionEnvironment(of: function, region: region, marker: marker).variables,
            folder: function.folder,
            marker: marker,
            limits: FunctionProcess.Limits(
                time: .seconds(function.settings.timeoutSeconds), memoryBytes: function.settings.memoryBytes,
                outputBytes: resultLimit + RunnerAnswer.headerBytes))
    }

    private func verdict(on outcome: FunctionProcess.Outcome) -> Result<RuntimeResult, FunctionFailure> {
        switch outcome.stopped {
        case .time:
            let seconds = function.settings.timeoutSeconds
            return .failure(.timedOut(afterSeconds: seconds, asynchronous: asynchronous))
        case .memory: return .failure(.outOfMemory)
        case .output: return .failure(.resultTooLarge(limit: resultLimit))
        case nil: break
        }
        do {
            let result = try function.runtime.result(of: outcome.output[...], ending: outcome.ending)
            // A burst between two looks at the process is told by the runtime, which knows exactly.
            if let peak = result.peakMemory, peak > function.settings.memoryBytes { return .failure(.outOfMemory) }
            guard result.returned.count <= resultLimit else { return .failure(.resultTooLarge(limit: resultLimit)) }
            return .success(result)
        } catch {
            return .failure(error)
        }
    }

    private func result(
        of verdict: Result<RuntimeResult, FunctionFailure>, log: LogTail, duration: Duration, memory: Int, withLog: Bool
    ) -> InvokeResult {
        var result = InvokeResult(functionRequestId: id)
        var failed: (statusCode: Int, retMsg: String)?
        switch verdict {
        case .success(let success):
            result.retMsg = String(decoding: success.returned, as: UTF8.self)
        case .failure(let failure):
            result.retMsg = failure.retMsg(requestId: id)
            result.errMsg = failure.errMsg
            result.invokeResult = -1
            failed = (failure.statusCode, result.retMsg)
        }
        result.duration = (duration / .microseconds(1)).rounded() / 1000
        // The API page's own sample bills 100 ms for 0.826 ms: whole steps of 100 ms.
        result.billDuration = Int((result.duration / 100).rounded(.up)) * 100
        result.memUsage = memory
        guard withLog else { return result }
        let lines = RunLog(
            requestId: id, tail: log, failure: failed, duration: duration, memoryLimitMB: function.settings.memoryMB,
            memoryUsed: memory)
        result.log = lines.lastLines
        return result
    }

    /// A `bootstrap` that is no program is the function's failure; all else is this machine's.
    private func failureToStart(_ error: SubprocessError) throws(CloudError) -> FunctionFailure {
        switch function.runtime.command(for: function).program {
        case .named(let program) where error.code == .executableNotFound:
            throw notRun("\(program) is not installed in \(FunctionEnvironment.searchPath)")
        case .file where error.code == .executableNotFound || error.underlyingError == .permissionDenied:
            return .notStarted(
                "\(function.runtime.entryFile) is not executable, or what its first line names is missing")
        case .file where error.underlyingError == .execFormatError:
            return .notStarted("\(function.runtime.entryFile) is no program, and has no line such as #!/bin/sh")
        default:
            throw notRun(error.description)
        }
    }

    private func notRun(_ reason: String) -> CloudError {
        CloudError("FailedOperation.InvokeFunction", "function \(function.name) could not be run: \(reason)")
    }
}
