// SPDX-License-Identifier: Apache-2.0

import Relay

extension Harness {
    /// The text of a `relay.yaml`. It is taken, or refused with a problem that has a place and shows no secret; and read
    /// twice it says the same.
    static let configuration = Harness(name: "configuration") { input throws in
        // Paths of secrets would have the fuzzer read whatever this machine has.
        guard let yaml = String(validating: input, as: UTF8.self), !yaml.contains("file:") else { return }
        let outcome = try read(yaml)
        try require(try read(yaml) == outcome, "read again, it says something else")
        try require(!outcome.contains(secret), "the secret is shown: \(outcome)")
    }

    private static let secret = "K7dVYw2rLq0"

    private static func read(_ yaml: String) throws -> String {
        let environment = ["SECRET": secret + "-and-more", "TOKEN": secret + "-and-else"]
        do throws(ConfigurationError) {
            let configuration = try Configuration(yaml: yaml, environment: environment)
            return "\(configuration.functions.count) functions, \(configuration.hookDescriptions)"
        } catch {
            try require(!error.problems.isEmpty, "refused without a problem")
            let lineCount = yaml.utf8.count + 1
            for problem in error.problems {
                try require((1...lineCount).contains(problem.line ?? 1), "a problem in line \(problem.line ?? 0)")
            }
            return error.description
        }
    }
}
