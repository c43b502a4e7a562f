// SPDX-License-Identifier: Apache-2.0

import CallStore
import Glibc

/// Looks at what the machine grants: descriptors, and a place for the store and the history.
struct MachineExamination {
    let relay: Examined
    /// Descriptors that a process may have; what systemd grants a service is another matter.
    var descriptorLimit = Self.currentDescriptorLimit
    var files: any FileSystem = LiveFileSystem()

    var diagnosis: Diagnosis {
        Diagnosis(findings: (descriptors.map { [$0] } ?? []) + databases)
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

    private var databases: [Finding] {
        let configuration = relay.configuration
        let store = configuration.store.flatMap { database(.store, $0.path, $0.limits.bytes) }
        let history = configuration.history.flatMap { database(.history, $0.path, $0.limits.bytes) }
        return [store, history].compactMap { $0 }
    }

    private func database(_ kind: DatabaseExamination.Kind, _ path: String, _ maximumBytes: Int) -> Finding? {
        DatabaseExamination(
            kind: kind, path: path, maximumBytes: maximumBytes, lines: relay.lines, files: files
        ).finding
    }

    static var currentDescriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
        return Int(clamping: limit.rlim_max)
    }
}
