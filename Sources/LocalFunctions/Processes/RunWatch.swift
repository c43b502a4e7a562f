// SPDX-License-Identifier: Apache-2.0

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

    private let keeper: Keeper
    private let memoryLimit: Int
    private let state = Mutex(State())

    /// `keeper` is not reaped while the watch is used.
    init(keeper: Keeper, memoryLimit: Int) {
        self.keeper = keeper
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
        seen(TreeMemory(of: keeper).peak)
    }

    /// Takes account of memory, in bytes.
    func seen(_ memory: Int) {
        state.withLock { $0.peakMemory = max($0.peakMemory, memory) }
        if memory > memoryLimit { stop(.memory) }
    }

    /// Ends everything; the first reason is the one that counts.
    func stop(_ reason: StopReason) {
        state.withLock { $0.stopped = $0.stopped ?? reason }
        keeper.end()
    }
}
