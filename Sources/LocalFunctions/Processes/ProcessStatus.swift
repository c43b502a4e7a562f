// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// What `/proc/<pid>/status` says about a process; see proc(5).
struct ProcessStatus {
    /// `R` running, `S` sleeping, `Z` ended and not yet reaped, …
    private(set) var state: Character = "?"
    /// The most memory it ever had (VmHWM), in bytes.
    private(set) var peakMemory = 0

    /// Reads it; `nil` where there is no such process.
    init?(of process: pid_t) {
        guard let bytes = readFile(FilePath("/proc/\(process)/status"), upTo: 64 << 10) else { return nil }
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let words = line.split { $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: " ") }
            guard words.count > 1 else { continue }
            let value = String(decoding: words[1], as: UTF8.self)
            switch String(decoding: words[0], as: UTF8.self) {
            case "State:": state = value.first ?? "?"
            case "VmHWM:": peakMemory = (Int(value) ?? 0) << 10
            default: continue
            }
        }
    }
}

extension ProcessStatus {
    /// Begins the measurement of ``peakMemory`` anew. Where that is not allowed, the peak stays that of all times.
    static func resetPeakMemory(of process: pid_t) {
        guard let file = try? FileDescriptor.open("/proc/\(process)/clear_refs", .writeOnly, options: .closeOnExec)
        else { return }
        defer { try? file.close() }
        _ = try? file.writeAll("5".utf8)
    }
}
