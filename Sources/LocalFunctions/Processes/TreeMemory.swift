// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage

/// The memory of a process and of all that it started.
struct TreeMemory {
    /// Deeper or more than that is not followed: the process that does this is stopped by its own limit.
    private static let mostProcesses = 256

    /// The most that can be told, in bytes: of a single process all that it ever had, of several what they have now.
    let peak: Int

    init(of leader: pid_t) {
        let processes = Self.descendants(of: leader)
        let statuses = processes.compactMap { ProcessStatus(of: $0) }
        guard statuses.count > 1 else {
            peak = statuses.first?.peakMemory ?? 0
            return
        }
        // Pages that they share, such as after a fork, count once: a process's own figures have them in full.
        let now = processes.reduce(0) { $0 + Self.proportionalMemory(of: $1) }
        peak = max(now, statuses.map(\.peakMemory).max() ?? 0)
    }

    private static func descendants(of leader: pid_t) -> [pid_t] {
        var found = [leader]
        var next = 0
        while next < found.count, found.count < mostProcesses {
            found += children(of: found[next])
            next += 1
        }
        return found
    }

    private static func children(of process: pid_t) -> [pid_t] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread -> [pid_t] in
            let list = readFile(FilePath("/proc/\(process)/task/\(thread)/children"), upTo: 64 << 10) ?? []
            return list.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        }
    }

    private static func proportionalMemory(of process: pid_t) -> Int {
        let rollup = readFile(FilePath("/proc/\(process)/smaps_rollup"), upTo: 64 << 10) ?? []
        let lines = rollup.split(separator: UInt8(ascii: "\n"))
        guard let line = lines.first(where: { $0.starts(with: "Pss:".utf8) }) else { return 0 }
        let words = line.split(separator: UInt8(ascii: " "))
        return words.count > 1 ? (Int(String(decoding: words[1], as: UTF8.self)) ?? 0) << 10 : 0
    }
}
