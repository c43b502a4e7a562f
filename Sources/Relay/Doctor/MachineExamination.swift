// SPDX-License-Identifier: Apache-2.0

import CallStore
import Glibc

/// Looks at what the machine grants: descriptors, and room on the store's disk.
struct MachineExamination {
    let relay: Examined
    /// Descriptors that a process may have; what systemd grants a service is another matter.
    var descriptorLimit = Self.currentDescriptorLimit
    var files: any FileSystem = LiveFileSystem()

    var diagnosis: Diagnosis {
        Diagnosis(findings: (descriptors.map { [$0] } ?? []) + store)
    }

    /// Two for each call, its connection of nginx and that to the cloud; the rest is idle connections, log and store.
    private var descriptors: Finding? {
        let calls = relay.configuration.load.inFlight
        let needed = 2 * calls + 1024
        guard descriptorLimit < needed else { return nil }
        return Finding(
            at: relay.lines.place(of: "limits.inFlight"),
            "\(calls) calls at once need \(needed) descriptors, and a process may have \(descriptorLimit) here: the relay stops "
                + "taking connections before it says that it is full.",
            write: "LimitNOFILE=\(needed)    # in the systemd unit; elsewhere: ulimit -Hn \(needed)")
    }

    private var store: [Finding] {
        guard let settings = relay.configuration.store else { return [] }
        let place = relay.lines.place(of: "store.path")
        let slash = settings.path.lastIndex(of: "/")
        let folder = slash.map { $0 == settings.path.startIndex ? "/" : String(settings.path[..<$0]) } ?? "."
        guard files.status(of: folder)?.isFolder == true else {
            return [
                Finding(
                    at: place, "The store's folder, \(folder), is not there: the relay does not start.",
                    write: "install -d -m 700 -o USER \(folder)    # USER: as whom the relay runs")
            ]
        }
        let held = files.status(of: settings.path)?.bytes ?? 0
        let wanted = max(0, settings.limits.bytes - held)
        guard let free = files.freeBytes(in: folder), free < wanted else { return [] }
        return [
            Finding(
                at: relay.lines.place(of: "store.maximumBytes"),
                "The store may grow by \(wanted) bytes, and \(folder) has room for \(free): accepted calls would fail for "
                    + "want of disk before the store says that it is full.",
                write: "maximumBytes: \(max(1 << 20, held + free / 2))")
        ]
    }

    static var currentDescriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        return Int(clamping: limit.rlim_max)
    }
}
