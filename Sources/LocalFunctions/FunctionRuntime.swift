// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A way to run functions. To add one, add a file with a type like ``PythonRuntime`` and a line in ``FunctionRuntimes``.
protocol FunctionRuntime: Sendable {
    /// What the function sees as `SCF_RUNTIME`.
    var name: String { get }
    /// The file in a function's folder that says: this runtime.
    var entryFile: String { get }

    /// The command line.
    func command(for function: Function) -> RuntimeCommand
    /// What the process reads on its standard input.
    func standardInput(for function: Function, event: [UInt8], context: FunctionContext) -> [UInt8]
    /// The function's result, from what a process that ended by itself wrote on its standard output.
    func result(of output: ArraySlice<UInt8>, ending: ProcessEnding) throws(FunctionFailure) -> RuntimeResult
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

/// What a runtime makes of a process that ended by itself.
struct RuntimeResult: Sendable {
    /// What becomes `RetMsg`.
    let returned: ArraySlice<UInt8>
    /// The most memory the process had, in bytes, where the runtime can tell exactly.
    var peakMemory: Int?
}

/// The runtimes there are. Where a folder fits several, the first one counts.
enum FunctionRuntimes {
    static let all: [any FunctionRuntime] = [BootstrapRuntime(), PythonRuntime()]
}
