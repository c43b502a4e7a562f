// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// Runs an executable `bootstrap`: the event on its standard input, the result on its standard output, both byte for
/// byte; its standard error is the log.
struct BootstrapRuntime: FunctionRuntime {
    let name = "CustomRuntime"
    let entryFile = "bootstrap"

    func command(for function: Function) -> RuntimeCommand {
        RuntimeCommand(program: .file(function.folder.appending(entryFile)), arguments: [])
    }

    func standardInput(for function: Function, event: [UInt8], context: FunctionContext) -> [UInt8] {
        event
    }

    func result(of output: ArraySlice<UInt8>, ending: ProcessEnding) throws(FunctionFailure) -> RuntimeResult {
        guard ending == .exited(0) else { throw .exited(ending) }
        return RuntimeResult(returned: output)
    }
}
