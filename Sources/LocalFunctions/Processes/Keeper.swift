// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Subprocess
import SystemPackage

/// `scf-local-keeper`, a small program between this one and each instance of a function. It starts the function and is
/// the parent of all that lost its own, whatever that did to its session or its environment: nothing gets out of the
/// tree below it, and it ends when nothing is left there. It does so when the function ends, when it is told to, and
/// when this program has gone.
struct Keeper: Sendable {
    /// How long a keeper that was told to end may take, which kills what is there for ten seconds at most.
    private static let patience = Duration.seconds(15)
    /// A function that starts processes faster than they are found would keep this busy for ever.
    private static let passes = 20

    /// Its process. It must not have been reaped: its id is then nobody else's.
    let process: pid_t

    /// The program, which is built and lies beside the one that runs.
    static var program: FilePath {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return FilePath(own).removingLastComponent().appending("scf-local-keeper")
    }

    /// The command line by which it starts `command`.
    static func arguments(for command: RuntimeCommand) -> Arguments {
        let name =
            switch command.program {
            case .named(let name): name
            case .file(let path): path.string
            }
        return Arguments(["\(getpid())", name] + command.arguments)
    }

    /// The function, and all that it started.
    var descendants: [pid_t] { ProcessTree(below: process).processes }

    /// Has everything killed. When the keeper itself has ended, that is done.
    func end() {
        _ = kill(process, SIGTERM)
        _ = kill(process, SIGCONT)  // a function may have stopped it
    }

    /// Stops everything where it is.
    func standStill() {
        var stopped: Set<pid_t> = []
        for _ in 0..<Self.passes {
            let running = descendants.filter { stopped.insert($0).inserted }
            if running.isEmpty { return }
            for process in running { _ = kill(process, SIGSTOP) }
        }
    }

    /// Lets everything go on, and begins the measurement of its memory anew.
    ///
    /// - Returns: Whether there is anything: if not, the function has ended, and the keeper is about to.
    func goOn() -> Bool {
        let stopped = descendants
        for process in stopped {
            ProcessStatus.resetPeakMemory(of: process)
            _ = kill(process, SIGCONT)
        }
        return !stopped.isEmpty
    }

    /// What Subprocess does where the task that runs the keeper is cancelled: as ``end()``.
    static let teardown: [TeardownStep] = [
        .send(signal: .terminate, toProcessGroup: false, allowedDurationToNextStep: patience)
    ]
}

extension Execution {
    var keeper: Keeper { Keeper(process: processIdentifier.value) }

    /// Waits until the keeper has ended, and does not reap it. It is told to end after `patience`.
    func waitForEnd(endAfter patience: Duration = .seconds(100 * 366 * 86_400)) async {
        // Signal 0 does nothing but begin the wait.
        let nothing = Signal(rawValue: 0)
        await teardown(
            using: [.send(signal: nothing, toProcessGroup: false, allowedDurationToNextStep: patience)]
                + Keeper.teardown)
    }
}
