// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

/// How a process of a function is started.
struct ProcessStart: Sendable {
    let command: RuntimeCommand
    let environment: [String: String]
    let folder: FilePath
    let marker: InstanceMarker

    init(of function: Function, region: String, marker: InstanceMarker) {
        command = function.runtime.command(function)
        environment = FunctionEnvironment(of: function, region: region, marker: marker).variables
        folder = function.folder
        self.marker = marker
    }

    var configuration: Configuration {
        let executable: Executable =
            switch command.program {
            case .named(let name): .name(name)
            case .file(let path): .path(path)
            }
        var options = PlatformOptions()
        options.createSession = true  // a process group of its own, and no terminal whose Ctrl-C would reach it
        options.teardownSequence = [.send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .zero)]
        return Configuration(
            executable: executable, arguments: Arguments(command.arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0), $1) })),
            workingDirectory: folder, platformOptions: options)
    }
}

/// Within what a function has to stay.
struct RunLimits: Sendable {
    let time: Duration
    /// Memory of the process and all that it starts, in bytes.
    let memoryBytes: Int
    /// The longest result.
    let resultBytes: Int
}

extension Execution {
    /// Waits until the process has ended, and does not reap it. Its group is killed after `patience`.
    func waitForEnd(killAfter patience: Duration = .seconds(100 * 366 * 86_400)) async {
        // Signal 0 does nothing but begin the wait.
        let nothing = Signal(rawValue: 0)
        await teardown(using: [.send(signal: nothing, toProcessGroup: true, allowedDurationToNextStep: patience)])
    }
}
