// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The memory of a function and of all that it started.
struct TreeMemory {
    /// The most that can be told, in bytes: of a single process all that it ever had, of several what they have now.
    let peak: Int

    init(of keeper: Keeper) {
        let processes = keeper.descendants
        let peaks = processes.compactMap { process in
            ProcessStatus(of: process).map { (process: process, memory: $0.peakMemory) }
        }
        guard peaks.count > 1 else {
            peak = peaks.first?.memory ?? 0
            return
        }
        // Pages that they share, such as after a fork, count once: a process's own figures have them in full. Those of
        // a process that does not let anybody look count in full.
        let shares = peaks.map { ($0.process, Self.proportionalMemory(of: $0.process) ?? $0.memory) }
        // Of one that ended meanwhile the others have inherited its share, and whoever was read later already counts it.
        let now = shares.reduce(0) { Self.hasMemory($1.0) ? $0 + $1.1 : $0 }
        peak = max(now, peaks.map(\.memory).max() ?? 0)
    }

    private static func hasMemory(_ process: pid_t) -> Bool {
        ProcessStatus(of: process).map { $0.peakMemory > 0 } ?? false
    }

    private static func proportionalMemory(of process: pid_t) -> Int? {
        guard let rollup = readFile(FilePath("/proc/\(process)/smaps_rollup"), upTo: 64 << 10) else { return nil }
        let lines = rollup.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.first(where: { $0.starts(with: "Pss:".utf8) }) else { return nil }
        let words = line.split(separator: UInt8(ascii: " "))
        return words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)).map { $0 << 10 } : nil
    }
}
