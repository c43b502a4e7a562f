// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage

/// All that descends from a process, as it is at this moment.
struct ProcessTree {
    /// More than that is not followed.
    private static let mostProcesses = 4096

    let processes: [pid_t]

    init(below root: pid_t) {
        var found = Self.children(of: root)
        var next = 0
        while next < found.count, found.count < Self.mostProcesses {
            found += Self.children(of: found[next])
            next += 1
        }
        processes = found
    }

    private static func children(of process: pid_t) -> [pid_t] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread -> [pid_t] in
            let list = readFile(FilePath("/proc/\(process)/task/\(thread)/children"), upTo: 64 << 10) ?? []
            return list.split(separator: UInt8(ascii: " ")).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        }
    }
}
