// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import SystemPackage

/// A process that stays for further events: it serves one at a time, and stands still in between, as in the cloud.
///
/// The runner in it reads calls on its standard input and answers on its standard output; its standard error is the
/// log. When it has ended, by itself or killed, nothing that it started is left.
actor WarmProcess {
    struct Outcome: Sendable {
        let completion: WarmProcessState.Completion
        /// From the call until the answer or the end: for the first event that is with the start of the process.
        let duration: Duration
        /// The most memory that was seen, in bytes.
        let peakMemory: Int
        /// Whether the process can take another event.
        let isReusable: Bool
    }

    /// The process had ended before it was given anything.
    struct Gone: Error {}

    /// The longest of what a runner says went wrong.
    private static let longestFailure = 128 << 10
    /// Short enough to stop a process before it takes much more than it may.
    private static let memoryInterval = Duration.milliseconds(25)

    private let start: ProcessStart
    private let clock: any Clock<Duration>
    /// What the runner writes into the log at an event's end. Nobody can guess it.
    private let mark = "\0\(UUID().uuidString)"

    private var state = WarmProcessState()
    private var answers: RunnerAnswerReader
    private var log: EventLog
    private var peakMemory = 0
    private var end = ContinuousClock.now
    /// Set while the process runs, or has ended and its keeper is not reaped.
    private var keeper: Keeper?
    /// Why the process could not be started.
    private var startError: Errno?
    private var input: StandardInputWriter?
    private var started: CheckedContinuation<Void, any Error>?
    private var completed: CheckedContinuation<WarmProcessState.Completion, Never>?
    private var lifetime: Task<Void, Never>?

    init(_ start: ProcessStart, resultBytes: Int, clock: any Clock<Duration>) {
        self.start = start
        self.clock = clock
        answers = RunnerAnswerReader(bodyLimit: max(resultBytes, Self.longestFailure))
        log = EventLog(mark: mark.utf8)
    }

    /// Whether it waits for an event.
    var isIdle: Bool { state.phase == .idle }

    /// Serves an event. Cancelling the task kills the process.
    ///
    /// - Throws: ``NotStarted`` or `SubprocessError` where it cannot be started, ``Gone``, `CancellationError`.
    func run(_ makeCall: @Sendable (_ mark: String) -> RunnerCall, limits: RunLimits) async throws -> Outcome {
        let begin = ContinuousClock.now
        guard state.begin() else { throw Gone() }
        if lifetime == nil {
            try await launch()
        } else {
            guard let keeper, keeper.goOn() else { throw Gone() }
        }
        peakMemory = 0
        let completion = await serve(makeCall(mark).bytes, limits: limits)
        if let startError { throw NotStarted(reason: startError) }
        if case .stopped(.givenUp, _) = completion { throw CancellationError() }
        // A burst that nobody saw but the runner: the event fails, and the process is not kept.
        if case .answered(let answer, _) = completion, answer.peakMemory > limits.memoryBytes { kill(for: .memory) }
        if isIdle { keeper?.standStill() }
        return Outcome(completion: completion, duration: end - begin, peakMemory: peakMemory, isReusable: isIdle)
    }

    /// Kills it, and waits until nothing is left of it.
    func end() async {
        kill(for: .givenUp)
        await lifetime?.value
    }

    private func serve(_ call: [UInt8], limits: RunLimits) async -> WarmProcessState.Completion {
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.write(call) }
                group.addTask { await self.limitTime(limits.time) }
                group.addTask { await self.limitMemory(limits.memoryBytes) }
                let completion = await self.completion()
                group.cancelAll()
                return completion
            }
        } onCancel: {
            Task { await self.kill(for: .givenUp) }
        }
    }

    private func completion() async -> WarmProcessState.Completion {
        if let completion = state.takeCompletion() { return completion }
        return await withCheckedContinuation { completed = $0 }
    }

    private func write(_ call: [UInt8]) async {
        // Where it cannot be written, the process has ended, or is about to: that is what will be told.
        let count = try? await input?.write(call)
        // An answer before the whole call was read is not a runner's.
        if Task.isCancelled, count != call.count { kill(for: .garbage) }
    }

    private func limitTime(_ limit: Duration) async {
        do {
            try await clock.sleep(for: limit)
            kill(for: .time)
        } catch {
            return  // the event has ended
        }
    }

    /// The limit is on memory in use, as in the cloud, and not on address space, of which some runtimes reserve
    /// gigabytes.
    private func limitMemory(_ limit: Int) async {
        while !Task.isCancelled, let keeper {
            peakMemory = max(peakMemory, TreeMemory(of: keeper).peak)
            if peakMemory > limit { return kill(for: .memory) }
            try? await Task.sleep(for: Self.memoryInterval)
        }
    }

    private func kill(for reason: StopReason) {
        guard state.stop(reason) else { return }
        keeper?.end()
    }
}

// MARK: - From start to end

extension WarmProcess {
    private typealias Running = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    /// Starts the process; returns when it runs.
    private func launch() async throws {
        try await withCheckedThrowingContinuation { continuation in
            started = continuation
            lifetime = Task { await live() }
        }
    }

    private func live() async {
        do {
            let result = try await Subprocess.run(
                start.configuration, input: .inputWriter, output: .sequence, error: .sequence
            ) { execution in
                await follow(execution)
            }
            ended(ProcessEnding(result.terminationStatus))
        } catch {
            ended(.exited(127))
            started?.resume(throwing: error)
            started = nil
        }
    }

    /// The keeper is not reaped before this returns.
    private func follow(_ execution: Running) async {
        keeper = execution.keeper
        input = execution.standardInputWriter
        started?.resume()
        started = nil
        await withTaskGroup(of: Void.self) { readers in
            readers.addTask { await Self.read(execution.standardOutput) { await self.readAnswer($0) } }
            readers.addTask { await Self.read(execution.standardError) { await self.readLog($0) } }
            await execution.waitForEnd()
            if case .notStarted(let reason) = KeeperReport(of: execution.keeper) { startError = reason }
            // All that the process wrote is in the pipes now; a cancelled reader takes it, and waits for no more.
            readers.cancelAll()
        }
        keeper = nil
        input = nil
    }

    private func ended(_ ending: ProcessEnding) {
        end = .now
        state.ended(ending, log: log.finish())
        tellCompletion()
    }

    private func readAnswer(_ piece: [UInt8]) {
        end = .now
        do {
            if let answer = try answers.read(piece), !state.answered(answer) { throw RunnerAnswerReader.Garbage() }
            tellCompletion()
        } catch {
            kill(for: .garbage)
        }
    }

    private func readLog(_ piece: [UInt8]) {
        guard let part = log.append(piece) else { return }
        state.logEnded(part)
        tellCompletion()
    }

    private func tellCompletion() {
        guard let completed, let completion = state.takeCompletion() else { return }
        self.completed = nil
        completed.resume(returning: completion)
    }

    private nonisolated static func read(
        _ stream: SubprocessOutputSequence, _ take: @Sendable ([UInt8]) async -> Void
    ) async {
        // No pipe holds more. What comes after the process has ended and more than that is not its own, but that of
        // a process that got away with its end of the pipe.
        let mostInPipe = 1 << 20
        var afterEnd = 0
        do {
            for try await chunk in stream {
                if Task.isCancelled { afterEnd += chunk.count }
                guard afterEnd <= mostInPipe else { return }
                await take(chunk.withUnsafeBytes { Array($0) })
            }
        } catch {
            return  // a pipe that cannot be read is one that has ended
        }
    }
}
