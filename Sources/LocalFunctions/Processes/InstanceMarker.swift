// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import SystemPackage

/// A mark in the environment of every process of one instance of a function, by which all of them are found again.
///
/// Killing the process group gets what a function usually starts. A process that left the group (`setsid`, a daemon)
/// still has the environment it was started with. This keeps a machine tidy; it is no wall against code that hides.
struct InstanceMarker: Sendable {
    static let variable = "_SCF_INSTANCE_ID"
    /// A function that starts processes faster than they are found would keep this busy for ever.
    private static let passes = 20
    /// No machine starts as many processes as there are ids (32,768 at least) in less.
    private static let idsComeRound = Duration.seconds(1)
    /// Twice what a function may have for its variables, and room for what it adds for a child.
    private static let environmentBytes = 256 << 10

    /// The same for all that one ``OrphanWatch`` looks after.
    let owner: String
    /// `OWNER.NUMBER`.
    let value: String

    init(owner: String, instance: String) {
        self.owner = owner
        value = "\(owner).\(instance)"
    }

    /// Kills every process of this instance. `leader` must not have been reaped: its id is then nobody else's.
    func killEverything(leader: pid_t, ranFor duration: Duration) {
        _ = kill(-leader, SIGKILL)
        for _ in 0..<Self.passes {
            let strays = processes(since: leader, duration).filter { $0 != leader && !isDead($0) }
            if strays.isEmpty { return }
            for stray in strays { _ = kill(stray, SIGKILL) }
        }
    }

    private func processes(since leader: pid_t, _ duration: Duration) -> [pid_t] {
        let entry = Array("\(Self.variable)=\(value)".utf8)
        return candidates(since: leader, duration).filter { process in
            let path = FilePath("/proc/\(process)/environ")
            // Unreadable are those of other users: none of ours.
            guard let environment = readFile(path, upTo: Self.environmentBytes) else { return false }
            return environment.split(separator: 0).contains { $0.elementsEqual(entry) }
        }
    }

    /// Processes that are younger than the leader, by their ids, which are given out in turn and begin anew at the end.
    /// After a long run they may have come round: then every process is looked at.
    private func candidates(since leader: pid_t, _ duration: Duration) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let everything = names.compactMap { pid_t($0) }
        guard duration < Self.idsComeRound, let youngest = youngestProcess() else { return everything }
        guard youngest < leader else { return everything.filter { $0 > leader && $0 <= youngest } }
        return everything.filter { $0 > leader || $0 <= youngest }
    }

    /// The last field of `/proc/loadavg`.
    private func youngestProcess() -> pid_t? {
        guard let line = readFile(FilePath("/proc/loadavg"), upTo: 4096) else { return nil }
        return String(decoding: line, as: UTF8.self).split { $0.isWhitespace }.last.flatMap { pid_t($0) }
    }

    /// Whether it is killed already and only waits for its parent to ask how it ended.
    private func isDead(_ process: pid_t) -> Bool {
        ProcessStatus(of: process).map { $0.state == "Z" || $0.state == "X" } ?? true
    }
}
