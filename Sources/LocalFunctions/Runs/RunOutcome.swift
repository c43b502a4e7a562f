// SPDX-License-Identifier: Apache-2.0

/// What became of one run of a function, however its process was kept.
struct RunOutcome: Sendable {
    /// What becomes RetMsg, or how the function failed.
    var verdict: Result<[UInt8], FunctionFailure>
    /// The end of what the function wrote to its log.
    var log = LogTail()
    var duration = Duration.zero
    /// The most memory that was seen, in bytes.
    var peakMemory = 0
}

extension RunOutcome {
    /// A run in a process of its own.
    init(_ outcome: BootstrapProcess.Outcome, of run: FunctionRun) {
        self.init(
            verdict: Result { () throws(FunctionFailure) -> [UInt8] in
                if let reason = outcome.stopped { throw run.failure(for: reason) }
                guard outcome.ending == .exited(0) else { throw .exited(outcome.ending) }
                return outcome.output
            }, log: outcome.log, duration: outcome.duration, peakMemory: outcome.peakMemory)
    }

    /// A run in a process that stays.
    init(_ outcome: WarmProcess.Outcome, of run: FunctionRun) {
        self.init(verdict: .success([]), duration: outcome.duration, peakMemory: outcome.peakMemory)
        switch outcome.completion {
        case .answered(let answer, let log):
            self.log = log
            peakMemory = max(peakMemory, answer.peakMemory)
            verdict = Result { () throws(FunctionFailure) -> [UInt8] in
                // A burst between two looks at the process is told by the runner, which knows exactly.
                guard answer.peakMemory <= run.function.settings.memoryBytes else { throw .outOfMemory }
                return try answer.result(resultLimit: run.resultLimit)
            }
        case .died(let ending, let log):
            self.log = log
            verdict = .failure(run.function.runtime.ranOutOfMemory(log) ? .outOfMemory : .exited(ending))
        case .stopped(let reason, let log):
            self.log = log
            verdict = .failure(run.failure(for: reason))
        }
    }
}

extension FunctionRuntime {
    fileprivate func ranOutOfMemory(_ log: LogTail) -> Bool {
        guard let outOfMemoryText else { return false }
        return String(decoding: log.bytes, as: UTF8.self).contains(outOfMemoryText)
    }
}
