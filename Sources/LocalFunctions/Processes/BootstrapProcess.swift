// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// A process for one event, from start to end, within limits: the event on its standard input, the result on its
/// standard output. When it has ended, nothing that it started is left.
struct BootstrapProcess: Sendable {
    struct Outcome: Sendable {
        let ending: ProcessEnding
        /// The limit it was stopped for; `nil` where it ended by itself.
        let stopped: StopReason?
        let output: [UInt8]
        /// The end of its standard error.
        let log: LogTail
        let duration: Duration
        /// The most memory that was seen, in bytes: of the process itself, and of children that it waited for, to the
        /// byte; of others and of all together what they had when somebody looked.
        let peakMemory: Int
    }

    let start: ProcessStart
    let limits: RunLimits

    /// Starts the process, gives it `input`, and waits until it has ended. Cancelling the task kills it.
    ///
    /// - Throws: ``NotStarted`` or `SubprocessError` where it cannot be started, `CancellationError` where it was killed
    ///   for that.
    func run(input: [UInt8]) async throws -> Outcome {
        let inputFile = try InputFile(input)
        let clock = ContinuousClock()
        let begin = clock.now
        let result = try await Subprocess.run(
            start.configuration,
            input: .fileDescriptor(inputFile.descriptor, closeAfterSpawningProcess: false),
            output: .sequence, error: .sequence
        ) { execution in
            await follow(execution, since: begin)
        }
        var outcome = result.closureResult
        if case .notStarted(let reason) = outcome.report { throw NotStarted(reason: reason) }
        let ending = ProcessEnding(result.terminationStatus)
        // SIGTERM ends a keeper that had not begun.
        let endings = [SIGKILL, SIGTERM].map(ProcessEnding.killed(signal:))
        let killed = endings.contains(ending) && outcome.stopped == nil
        if killed, outcome.end - begin >= limits.time { outcome.stopped = .time }
        if killed, outcome.stopped == nil, Task.isCancelled { throw CancellationError() }
        return Outcome(
            ending: ending, stopped: outcome.stopped, output: outcome.output, log: outcome.log,
            duration: outcome.end - begin, peakMemory: outcome.peakMemory)
    }

    private typealias Running = Execution<FileDescriptorInput, SequenceOutput, SequenceOutput>

    private struct Observation {
        var output: [UInt8] = []
        var log = LogTail()
        let end = ContinuousClock.now
        var stopped: StopReason?
        var peakMemory = 0
        var report: KeeperReport?
    }

    private enum Part {
        case output([UInt8])
        case log(LogTail)
        case watched
    }

    /// The keeper is not reaped before this returns, so its id stays its own.
    private func follow(_ execution: Running, since begin: ContinuousClock.Instant) async -> Observation {
        let watch = RunWatch(keeper: execution.keeper, memoryLimit: limits.memoryBytes)
        return await withTaskGroup(of: Part.self) { parts in
            parts.addTask { .output(await readOutput(execution.standardOutput, watch)) }
            parts.addTask { .log(await readLog(execution.standardError)) }
            parts.addTask {
                await watch.watch()
                return .watched
            }
            await execution.waitForEnd(endAfter: max(.zero, begin + limits.time - ContinuousClock.now))
            var observation = Observation()
            observation.report = KeeperReport(of: execution.keeper)
            // All that the process wrote is in the pipes now; a cancelled reader takes it, and does not wait for more.
            parts.cancelAll()
            for await part in parts {
                switch part {
                case .output(let bytes): observation.output = bytes
                case .log(let tail): observation.log = tail
                case .watched: continue
                }
            }
            if case .ended(let peakMemory) = observation.report { watch.seen(peakMemory) }
            observation.stopped = watch.stopped
            observation.peakMemory = watch.peakMemory
            return observation
        }
    }

    private func readOutput(_ stream: SubprocessOutputSequence, _ watch: RunWatch) async -> [UInt8] {
        var output: [UInt8] = []
        await read(stream) { chunk in
            watch.measure()
            guard output.count + chunk.count <= limits.resultBytes else {
                watch.stop(.output)
                return false
            }
            output += chunk
            return true
        }
        return output
    }

    private func readLog(_ stream: SubprocessOutputSequence) async -> LogTail {
        var tail = LogTail()
        await read(stream) { chunk in
            tail.append(chunk)
            return true
        }
        return tail
    }

    /// Hands on what comes, until the end, or until `take` says no.
    private func read(_ stream: SubprocessOutputSequence, _ take: (UnsafeRawBufferPointer) -> Bool) async {
        // No pipe holds more. What comes after the process has ended and more than that is not its own, but that of
        // a process that got away with its end of the pipe.
        let mostInPipe = 1 << 20
        var afterEnd = 0
        do {
            for try await chunk in stream {
                if Task.isCancelled { afterEnd += chunk.count }
                guard afterEnd <= mostInPipe, chunk.withUnsafeBytes(take) else { return }
            }
        } catch {
            return  // a pipe that cannot be read is one that has ended
        }
    }
}
