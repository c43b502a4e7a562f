// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import LocalFunctions
import StrictJSON
import TencentCloud

/// `scf-local list`: what a folder holds, as the `functions:` of a relay.yaml.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the functions of a folder, as relay.yaml has them.")

    @Option(help: "The folder with the functions: NAMESPACE/FUNCTION/index.py, index.js or bootstrap.")
    var functions: String

    func run() throws {
        let found: [FunctionSummary]
        do {
            found = try FunctionFolder(root: functions).functions()
        } catch {
            throw ValidationError(error.message)
        }
        guard !found.isEmpty else {
            throw ValidationError("no functions in \(functions) (expected NAMESPACE/NAME/, such as default/hello/)")
        }
        var yaml = Array("functions:\n".utf8)
        for function in found {
            // A JSON string is a YAML string too, whatever the description holds.
            for (key, value) in [
                ("  - name: ", function.name), ("    namespace: ", function.namespace),
                ("    description: ", function.description),
            ] where !value.isEmpty {
                yaml += key.utf8
                JSONString.appendQuoted(value, to: &yaml)
                yaml += "\n".utf8
            }
            yaml += "    # \(Self.remark(on: function))\n".utf8
        }
        FileHandle.standardOutput.write(Data(yaml))
    }

    /// What relay.yaml has no keys for: `Python3, index.main_handler; versions: 1, 2; aliases: prod = 1`.
    private static func remark(on function: FunctionSummary) -> String {
        if let problem = function.problem {
            return "cannot be run: \(problem.split(separator: "\n").joined(separator: " "))"
        }
        var parts = [function.handler.isEmpty ? function.runtime : "\(function.runtime), \(function.handler)"]
        if !function.versions.isEmpty {
            parts.append("versions: " + function.versions.map(String.init).joined(separator: ", "))
        }
        if !function.aliases.isEmpty {
            let aliases = function.aliases.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
            parts.append("aliases: " + aliases.joined(separator: ", "))
        }
        return parts.joined(separator: "; ")
    }
}
