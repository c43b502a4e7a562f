// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Subprocess
import Synchronization
import SystemPackage

/// Ends the functions' processes when this program ends without having done so itself, be it by SIGKILL.
///
/// A shell waits at the end of a pipe whose other end this program holds and never writes to. When the program is gone,
/// however that came, the pipe is closed: then the shell kills every process that has the program's mark in its
/// environment (``InstanceMarker``), which reaches those that are stopped or hang, and their children too. Neither the
/// parent-death signal, which comes when the thread ends that forked, nor an end of input that the function would have
/// to notice can promise that.
enum OrphanWatch {
    /// What all marks of this program begin with.
    static let owner = UUID().uuidString.lowercased()

    private static let script = """
        cat >/dev/null
        for pass in 1 2 3 4 5 6 7 8 9 10; do
            found=
            for file in $(grep -lsF "$0" /proc/[0-9]*/environ); do
                process=${file#/proc/}
                kill -9 "${process%/environ}" 2>/dev/null && found=yes
            done
            [ "$found" ] || exit 0
        done
        """
    private static let isRunning = Mutex(false)

    /// Starts the shell, once, and again where somebody ended it.
    static func start() {
        let isFirst = isRunning.withLock { running in
            defer { running = true }
            return !running
        }
        guard isFirst else { return }
        Task.detached {
            await waitForEver()
            isRunning.withLock { $0 = false }
        }
    }

    private static func waitForEver() async {
        var options = PlatformOptions()
        options.createSession = true  // whatever ends this program's group must not end the watch
        let shell = Configuration(
            executable: .path("/bin/sh"), arguments: ["-c", script, "\(InstanceMarker.variable)=\(owner)."],
            environment: .custom(["PATH": "\(FunctionEnvironment.searchPath)"]), platformOptions: options)
        _ = try? await Subprocess.run(shell, input: .inputWriter, output: .discarded, error: .discarded) { execution in
            await execution.waitForEnd()
        }
    }
}
