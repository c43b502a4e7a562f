// SPDX-License-Identifier: Apache-2.0

import Subprocess
import SystemPackage

/// How a process of a function is started.
struct ProcessStart: Sendable {
    let command: RuntimeCommand
    let environment: [String: String]
    let folder: FilePath

    init(of function: Function, region: String) {
        command = function.runtime.command(function)
        environment = FunctionEnvironment(of: function, region: region).variables
        folder = function.folder
    }

    /// That of its keeper, which hands on pipes, environment and folder.
    var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = true  // no terminal whose Ctrl-C would reach it
        options.teardownSequence = Keeper.teardown
        return Configuration(
            executable: .path(Keeper.program), arguments: Keeper.arguments(for: command),
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
