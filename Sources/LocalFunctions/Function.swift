// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A function that can be run: where its code lies, what runs it, and within which limits.
struct Function: Sendable {
    let name: String
    let namespace: String
    /// The folder with the code, resolved: no symbolic link is left in it.
    let folder: FilePath
    let settings: FunctionSettings
    let runtime: any FunctionRuntime

    /// The only version there is on this machine, until versions can be published.
    static let version = "$LATEST"
}

/// A function as others may list it.
public struct FunctionSummary: Sendable, Equatable {
    /// The function's name.
    public let name: String
    /// The function's namespace.
    public let namespace: String
    /// What it is for, from its `function.yaml`; empty where that says nothing.
    public let description: String
    /// Why it cannot be run, where it cannot: what is wrong with its `function.yaml`.
    public let problem: String?

    /// Creates a summary.
    public init(name: String, namespace: String, description: String, problem: String? = nil) {
        self.name = name
        self.namespace = namespace
        self.description = description
        self.problem = problem
    }
}
