// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import SystemPackage

/// One process, from start to end, within limits. When it has ended, nothing that it started is left.
struct FunctionProcess: Sendable {
    struct Limits: Sendable {
        let time: Duration
        /// Memory of the process and all that it starts, in bytes.
        let memoryBytes: Int
        /// The most it may write on its standard output.
        let outputBytes: Int
    }

    struct Outcome: Sendable {
        let ending: ProcessEnding
        /// The limit it was stopped for; `nil` where it ended by itself.
        let stopped: StopReason?
        let output: [UInt8]
        /// The end of its standard error.
        let log: LogTail
        let duration: Duration
        /// The most memory that was seen, in bytes. What a process took in its last instant may be missing: after its
        /// end nobody can tell (the `ru_maxrss` of wait4 counts this program as well, which it was a copy of), and a
        /// run that was over before anybody looked is an estimate.
        let peakMemory: Int
    }

    let command: RuntimeCommand
    let environment: [String: String]
    let folder: FilePath
    let marker: RunMarker
    let limits: Limits

    /// Starts the process, gives it `input`, and waits until it has ended. Cancelling the task kills it.
    ///
    /// - Throws: `SubprocessError` where it cannot be started, `CancellationError` where it was killed for that.
    func run(input: [UInt8]) async throws -> Outcome {
        let inputFile = try InputFile(input)
        let clock = ContinuousClock()
        let start = clock.now
        let result = try await Subprocess.run(
            configuration,
            input: .fileDescriptor(inputFile.descriptor, closeAfterSpawningProcess: false),
            output: .sequence, error: .sequence
        ) { execution in
            await follow(execution, since: start)
        }
        var outcome = result.closureResult
        let ending = ProcessEnding(result.terminationStatus)
        let killed = ending == .killed(signal: SIGKILL) && outcome.stopped == nil
        if killed, outcome.end - start >= limits.time { outcome.stopped = .time }
        if killed, outcome.stopped == nil, Task.isCancelled { throw CancellationError() }
        return Outcome(
            ending: ending, stopped: outcome.stopped, output: outcome.output, log: outcome.log,
            duration: outcome.end - start, peakMemory: outcome.peakMemory)
    }

    private var configuration: Configuration {
        let executable: Executable =
            switch command.program {
            case .named(let name): .name(name)
            case .file(let path): .path(path)
            }
        var options = PlatformOptions()
        options.createSession = true  // a process group of its own, and no terminal whose Ctrl-C would reach it
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        return Configuration(
            executable: executable, arguments: Arguments(command.arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: folder, platformOptions: options)
    }

    private typealias Running = Execution<FileDescriptorInput, SequenceOutput, SequenceOutput>

    private struct Observation {
        var output: [UInt8] = []
        var log = LogTail()
        let end = ContinuousClock.now
        var stopped: StopReason?
        var peakMemory = 0
    }

    private enum Part {
        case output([UInt8])
        case log(LogTail)
        case watched
    }

    /// The process is not reaped before this returns, so its id, and that of its group, stay its own.
    private func follow(_ execution: Running, since start: ContinuousClock.Instant) async -> Observation {
        let leader = execution.processIdentifier.value
        let watch = RunWatch(leader: leader, memoryLimit: limits.memoryBytes)
        watch.measure()  // a short run may be over before the watch has begun
        return await withTaskGroup(of: Part.self) { parts in
            parts.addTask { .output(await readOutput(execution.standardOutput, watch)) }
            parts.addTask { .log(await readLog(execution.standardError)) }
            parts.addTask {
                await watch.watch()
                return .watched
            }
            await waitForEnd(of: execution, until: start + limits.time)
            var observation = Observation()
            marker.killEverything(leader: leader, ranFor: observation.end - start)
            // All that the process wrote is in the pipes now; a cancelled reader takes it, and does not wait for more.
            parts.cancelAll()
            for await part in parts {
                switch part {
                case .output(let bytes): observation.output = bytes
                case .log(let tail): observation.log = tail
                case .watched: continue
                }
            }
            watch.measureEnd()
            observation.stopped = watch.stopped
            observation.peakMemory = watch.peakMemory
            return observation
        }
    }

    /// Waits until the process ends, and kills its group at the deadline: signal 0 does nothing but begin the wait.
    private func waitForEnd(of execution: Running, until deadline: ContinuousClock.Instant) async {
        let left = max(.zero, deadline - ContinuousClock.now)
        let nothing = Signal(rawValue: 0)
        await execution.teardown(
            using: [.send(signal: nothing, toProcessGroup: true, allowedDurationToNextStep: left)])
    }

    private func readOutput(_ stream: SubprocessOutputSequence, _ watch: RunWatch) async -> [UInt8] {
        var output: [UInt8] = []
        await read(stream) { chunk in
            watch.measure()
            guard output.count + chunk.count <= limits.outputBytes else {
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
