// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
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
    /// The `FunctionRequestId`: the same where a failed Event run is run again.
    let id: String

    /// Runs the function, with a process of the pool where its runtime keeps processes.
    ///
    /// - Throws: Why it could not be run. A function that fails gives a result that says so.
    func result(in pool: ProcessPool, withLog: Bool) async throws(CloudError) -> InvokeResult {
        do {
            return result(of: try await outcome(in: pool), withLog: withLog)
        } catch let error as NotStarted {
            return result(of: RunOutcome(verdict: .failure(try failureToStart(error.reason))), withLog: withLog)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw notRun("\(Keeper.program), which is part of scf-local, is missing")
        } catch is CancellationError {
            throw CloudError("InternalError.System", "the call was given up, and the function was stopped")
        } catch {
            throw notRun("\(error)")
        }
    }

    /// How the function failed, where its process was killed.
    func failure(for reason: StopReason) -> FunctionFailure {
        switch reason {
        case .time: .timedOut(afterSeconds: function.settings.timeoutSeconds, asynchronous: asynchronous)
        case .memory: .outOfMemory
        case .output: .resultTooLarge(limit: resultLimit)
        case .garbage: .invalidResponse
        case .givenUp: .exited(.killed(signal: SIGKILL))
        }
    }

    private var limits: RunLimits {
        RunLimits(
            time: .seconds(function.settings.timeoutSeconds), memoryBytes: function.settings.memoryBytes,
            resultBytes: resultLimit)
    }

    private func outcome(in pool: ProcessPool) async throws -> RunOutcome {
        guard function.runtime.keepsProcesses else {
            let process = BootstrapProcess(start: ProcessStart(of: function, region: region), limits: limits)
            return RunOutcome(try await process.run(input: event), of: self)
        }
        let outcome = try await pool.run(
            function, region: region, code: CodeState(of: function.folder), limits: limits
        ) { mark in
            RunnerCall(
                handler: function.settings.handler,
                context: FunctionContext(of: function, requestId: id, region: region), resultLimit: resultLimit,
                mark: mark, event: event)
        }
        return RunOutcome(outcome, of: self)
    }

    private func result(of outcome: RunOutcome, withLog: Bool) -> InvokeResult {
        var result = InvokeResult(functionRequestId: id)
        var failed: (statusCode: Int, retMsg: String)?
        switch outcome.verdict {
        case .success(let returned):
            result.retMsg = String(decoding: returned, as: UTF8.self)
        case .failure(let failure):
            result.retMsg = failure.retMsg(requestId: id)
            result.errMsg = failure.errMsg
            result.invokeResult = -1
            failed = (failure.statusCode, result.retMsg)
        }
        result.duration = (outcome.duration / .microseconds(1)).rounded() / 1000
        // The API page's own sample bills 100 ms for 0.826 ms: whole steps of 100 ms.
        result.billDuration = Int((result.duration / 100).rounded(.up)) * 100
        result.memUsage = outcome.peakMemory
        guard withLog else { return result }
        let lines = RunLog(
            requestId: id, tail: outcome.log, failure: failed, duration: outcome.duration,
            memoryLimitMB: function.settings.memoryMB, memoryUsed: outcome.peakMemory)
        result.log = lines.lastLines
        return result
    }

    /// A `bootstrap` that is no program is the function's failure; all else is this machine's.
    private func failureToStart(_ error: Errno) throws(CloudError) -> FunctionFailure {
        switch function.runtime.command(function).program {
        case .named(let program) where error == .noSuchFileOrDirectory:
            let path = function.settings.environment["PATH"] ?? FunctionEnvironment.searchPath
            throw notRun("\(function.runtimeName) needs \(program), which is not installed in \(path)")
        case .file where error == .noSuchFileOrDirectory || error == .permissionDenied:
            return .notStarted(
                "\(function.runtime.entryFile) is not executable, or what its first line names is missing")
        case .file where error == .execFormatError:
            return .notStarted("\(function.runtime.entryFile) is no program, and has no line such as #!/bin/sh")
        default:
            throw notRun(error.description)
        }
    }

    private func notRun(_ reason: String) -> CloudError {
        CloudError("FailedOperation.InvokeFunction", "function \(function.name) could not be run: \(reason)")
    }
}
