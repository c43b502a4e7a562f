// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A way to run functions. To add one, add a value here, and, where its processes stay for further events, a runner in
/// `Runtimes` that speaks as ``RunnerCall`` and ``RunnerAnswer`` describe.
struct FunctionRuntime: Sendable {
    /// What the cloud's names for it begin with: `Python3`, of which `Python3.10` is one.
    let name: String
    /// The file in a function's folder that says: this runtime.
    let entryFile: String
    /// What the file of a handler ends with: `.py`. `nil` where there are no handlers.
    let handlerSuffix: String?
    /// The command line.
    let command: @Sendable (Function) -> RuntimeCommand
    /// What the log says of a process that gave up for lack of memory before anybody else noticed.
    let outOfMemoryText: String?

    /// Whether a process stays for further events. If not, it reads one event on its standard input, writes the result
    /// to its standard output, and ends.
    var keepsProcesses: Bool { handlerSuffix != nil }
}

/// A program and its arguments.
struct RuntimeCommand: Sendable {
    enum Program: Sendable {
        /// Looked up in the `PATH` that functions have.
        case named(String)
        case file(FilePath)
    }

    let program: Program
    let arguments: [String]
}

extension FunctionRuntime {
    /// The runtimes there are. Where a folder fits several, the first one counts.
    static let all = [custom, python, node]

    /// The runtime that the cloud calls by this name, such as `Python3.10`, `Nodejs18.15` or `CustomRuntime`.
    static func named(_ name: String) -> FunctionRuntime? {
        all.first { runtime in
            guard name.hasPrefix(runtime.name) else { return false }
            let version = name.dropFirst(runtime.name.count)
            return version.isEmpty || (runtime.keepsProcesses && version.utf8.allSatisfy(isVersionCharacter))
        }
    }

    private static func isVersionCharacter(_ character: UInt8) -> Bool {
        character == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
    }

    /// An executable `bootstrap`: event in, result out, both byte for byte; its standard error is the log.
    static let custom = FunctionRuntime(
        name: "CustomRuntime", entryFile: "bootstrap", handlerSuffix: nil,
        command: { RuntimeCommand(program: .file($0.folder.appending("bootstrap")), arguments: []) },
        outOfMemoryText: nil)

    /// `index.py`, through `Runtimes/python.py`, which is part of this program and needs no file of its own.
    static let python = FunctionRuntime(
        name: "Python3", entryFile: "index.py", handlerSuffix: ".py",
        command: { _ in
            // Unbuffered, so that the log has standard output and standard error in the order they were written; no
            // .pyc files in the function's folder; no packages from somebody's home; UTF-8 whatever the locale.
            let options = ["-u", "-B", "-s", "-X", "utf8"]
            let runner = String(decoding: PackageResources.python_py, as: UTF8.self)
            return RuntimeCommand(program: .named("python3"), arguments: options + ["-c", runner])
        },
        outOfMemoryText: nil)

    /// `index.js`, through `Runtimes/node.js`.
    static let node = FunctionRuntime(
        name: "Nodejs", entryFile: "index.js", handlerSuffix: ".js",
        command: { function in
            // The memory limit is kept by whoever watches the process; this one only keeps one burst from taking the
            // whole machine before that is noticed.
            let heap = "--max-old-space-size=\(function.settings.memoryMB)"
            let runner = String(decoding: PackageResources.node_js, as: UTF8.self)
            return RuntimeCommand(program: .named("node"), arguments: [heap, "-e", runner])
        },
        outOfMemoryText: "JavaScript heap out of memory")
}
