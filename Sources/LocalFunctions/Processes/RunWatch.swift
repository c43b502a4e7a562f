// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Watches the memory of a run, and stops a run that goes over a limit.
///
/// The limit is on memory in use, as in the cloud, and not on address space, of which some runtimes reserve gigabytes.
final class RunWatch: Sendable {
    /// Short enough to stop a process before it takes much more than it may.
    private static let interval = Duration.milliseconds(25)

    private struct State {
        var stopped: StopReason?
        var peakMemory = 0
    }

    private let leader: pid_t
    private let memoryLimit: Int
    private let state = Mutex(State())

    /// `leader` leads a process group of its own, and is not reaped while the watch is used.
    init(leader: pid_t, memoryLimit: Int) {
        self.leader = leader
        self.memoryLimit = memoryLimit
    }

    /// The limit that was hit, if any.
    var stopped: StopReason? { state.withLock { $0.stopped } }
    /// The most memory that was seen, in bytes.
    var peakMemory: Int { state.withLock { $0.peakMemory } }

    /// Looks again and again until the task is cancelled.
    func watch() async {
        while !Task.isCancelled {
            measure()
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// Looks once.
    func measure() {
        let memory = TreeMemory(of: leader)
        state.withLock { $0.peakMemory = max($0.peakMemory, memory.peak) }
        if memory.peak > memoryLimit { stop(.memory) }
    }

    /// Looks once more, after the process has ended. A run so short that nobody had looked before is estimated.
    func measureEnd() {
        let estimate = EndedProcess.touchedMemory(of: leader)
        state.withLock { if $0.peakMemory == 0 { $0.peakMemory = estimate } }
    }

    /// Kills the whole process group; the first reason is the one that counts.
    func stop(_ reason: StopReason) {
        state.withLock { $0.stopped = $0.stopped ?? reason }
        _ = kill(-leader, SIGKILL)
    }
}
