// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A version of a function that can be run: where its code lies, what runs it, and within which limits.
struct Function: Sendable {
    let name: String
    let namespace: String
    let version: FunctionVersion
    /// The folder with the code, resolved: no symbolic link is left in it.
    let folder: FilePath
    let settings: FunctionSettings
    let runtime: FunctionRuntime

    /// The runtime with the version that `function.yaml` names, if any. What runs is what is installed.
    var runtimeName: String { settings.runtime ?? runtime.name }

    /// The file with the handler, relative to the folder.
    var handlerFile: String {
        guard let suffix = runtime.handlerSuffix else { return runtime.entryFile }
        return settings.handlerModule + suffix
    }
}

/// A version of a function: what is being worked on, or what was published.
enum FunctionVersion: Hashable, Sendable, CustomStringConvertible {
    /// The folder `NAME`.
    case latest
    /// The folder `NAME@1`.
    case published(Int)

    /// Reads `$LATEST`, or a number as it is written: no sign, no zero in front.
    init?(_ text: some StringProtocol) {
        if text == "$LATEST" {
            self = .latest
        } else if let number = Int(text), number > 0, String(number) == text {
            self = .published(number)
        } else {
            return nil
        }
    }

    var description: String {
        switch self {
        case .latest: "$LATEST"
        case .published(let number): String(number)
        }
    }

    /// The name of the folder with this version of a function.
    func folder(of function: String) -> String {
        switch self {
        case .latest: function
        case .published(let number): "\(function)@\(number)"
        }
    }
}

/// A function as others may list it.
public struct FunctionSummary: Sendable, Equatable {
    /// The function's name.
    public let name: String
    /// The function's namespace.
    public let namespace: String
    /// What it is for, from its `function.yaml`; empty where that says nothing.
    public var description = ""
    /// What runs it, such as `Python3`; empty where there is a problem.
    public var runtime = ""
    /// File and function that are called, such as `index.main_handler`; empty where there is a problem.
    public var handler = ""
    /// The published versions, in order.
    public var versions: [Int] = []
    /// What each alias stands for: a version's number or `$LATEST`.
    public var aliases: [String: String] = [:]
    /// Why it cannot be run, where it cannot: what is wrong with its `function.yaml`.
    public var problem: String?

    /// Creates a summary of a function of which only this is known.
    public init(name: String, namespace: String) {
        self.name = name
        self.namespace = namespace
    }
}
