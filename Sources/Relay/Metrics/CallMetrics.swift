// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Synchronization

/// Counts calls as they end. Each loop has a table of its own: counting contends with nobody but who looks, and costs a
/// few hundred nanoseconds. Tables are added up when somebody looks.
final class CallMetrics: CallObserver {
    private final class Shard: Sendable {
        let table = Mutex(CallTable())
    }

    private let shards: [Shard]
    /// Memory of functions in MB, where the configuration tells.
    private let memory = Mutex<[String: Int]>([:])

    /// - Parameter loops: How many loops end calls.
    init(loops: Int = 1) {
        shards = (0..<max(1, loops)).map { _ in Shard() }
    }

    /// Takes names from a configuration. What was counted under others stays.
    ///
    /// - Parameters:
    ///   - callers: Names of callers and of hooks.
    ///   - functions: What may be called.
    func adopt(callers: [String], functions: [FunctionList.Entry]) {
        // All shards get the same names in the same order, hence the same numbers.
        for shard in shards { shard.table.withLock { $0.labels.add(callers: callers, functions: functions) } }
        let sizes = functions.compactMap { entry in entry.memory.map { ("\(entry.namespace)/\(entry.name)", $0) } }
        memory.withLock { $0 = Dictionary(sizes) { first, _ in first } }
    }

    func callEnded(_ record: CallRecord) {
        shards[(EventLoop.current?.index ?? 0) % shards.count].table.withLock { $0.note(record) }
    }

    /// What all loops have counted.
    var total: CallTable {
        var total = shards[0].table.withLock { $0 }
        for shard in shards.dropFirst() { total.add(shard.table.withLock { $0 }) }
        return total
    }

    /// Memory in MB of the functions whose configuration tells it, by `namespace/name`.
    var functionMemory: [String: Int] { memory.withLock { $0 } }
}
