// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel knows of this process (proc(5)).
struct ProcessFacts: Sendable, Equatable {
    var cpuSeconds = 0.0
    var residentBytes = 0
    var virtualBytes = 0
    var threads = 0
    /// In UNIX seconds.
    var startTime = 0.0
    /// `nil` where the folder cannot be read.
    var openDescriptors: Int?
    var maximumDescriptors = 0

    /// - Returns: `nil` where there is no `/proc`.
    static func now() -> ProcessFacts? {
        guard let status = text(of: "/proc/self/stat"),
            var facts = ProcessFacts(
                stat: status, bootTime: bootTime, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK)),
                pageBytes: sysconf(Int32(_SC_PAGESIZE)))
        else { return nil }
        facts.openDescriptors = openDescriptors()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            facts.maximumDescriptors = Int(clamping: limit.rlim_cur)
        }
        return facts
    }

    /// Reads `/proc/PID/stat`.
    ///
    /// - Returns: `nil` for what is none.
    init?(stat: String, bootTime: Double, ticksPerSecond: Int, pageBytes: Int) {
        // The second field, the name, is in parentheses and may hold anything, more parentheses included.
        guard let end = stat.lastIndex(of: ")"), ticksPerSecond > 0 else { return nil }
        // From the third field on; their numbers in proc(5) are three more than here.
        let fields = stat[stat.index(after: end)...].split(separator: " ").map { Int($0) }
        guard fields.count > 21, let user = fields[11], let system = fields[12], let threads = fields[17],
            let start = fields[19], let virtual = fields[20], let resident = fields[21]
        else { return nil }
        cpuSeconds = Double(user + system) / Double(ticksPerSecond)
        residentBytes = resident * pageBytes
        virtualBytes = virtual
        self.threads = threads
        startTime = bootTime + Double(start) / Double(ticksPerSecond)
    }

    /// When the system started, in UNIX seconds. Looked at once, so that the start time stays the same whatever is done
    /// to the clock; and not read from `/proc/stat`, which a sandbox may hide.
    private static let bootTime: Double = {
        var (now, sinceBoot) = (timespec(), timespec())
        clock_gettime(CLOCK_REALTIME, &now)
        clock_gettime(CLOCK_BOOTTIME, &sinceBoot)
        let seconds = Double(now.tv_sec - sinceBoot.tv_sec) + Double(now.tv_nsec - sinceBoot.tv_nsec) / 1e9
        return (seconds * 100).rounded() / 100
    }()

    private static func openDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without `.`, `..` and the folder's own.
        return count - 3
    }

    private static func text(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = read(file, &buffer, buffer.count), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
