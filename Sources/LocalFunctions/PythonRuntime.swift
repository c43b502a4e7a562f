// SPDX-License-Identifier: Apache-2.0

/// Runs an `index.py` through `Runtimes/python.py`, which is part of this program and needs no file of its own.
struct PythonRuntime: FunctionRuntime {
    let name = "Python3"
    let entryFile = "index.py"

    func command(for function: Function) -> RuntimeCommand {
        // Unbuffered, so that the log has standard output and standard error in the order they were written; no .pyc
        // files in the function's folder; no packages from somebody's home; UTF-8 whatever the locale.
        let options = ["-u", "-B", "-s", "-X", "utf8"]
        let runner = String(decoding: PackageResources.python_py, as: UTF8.self)
        return RuntimeCommand(program: .named("python3"), arguments: options + ["-c", runner])
    }

    func standardInput(for function: Function, event: [UInt8], context: FunctionContext) -> [UInt8] {
        RunnerCall(handler: function.settings.handler, context: context).line + event
    }

    func result(of output: ArraySlice<UInt8>, ending: ProcessEnding) throws(FunctionFailure) -> RuntimeResult {
        try RunnerAnswer(output, ending: ending).result()
    }
}
