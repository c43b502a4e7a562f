// SPDX-License-Identifier: Apache-2.0

import StrictYAML
import Yams

extension FunctionSettings {
    /// Reads a `function.yaml`. An empty one is as good as none.
    init(yaml: String) throws(FunctionSettingsError) {
        self.init()
        guard let root = try Self.parse(yaml) else { return }
        guard case .mapping(let mapping) = root else {
            throw FunctionSettingsError(line: root.mark?.line, message: "expected keys and values, such as timeout: 3")
        }
        for (key, value) in mapping {
            try set(key, to: value)
        }
    }

    private static func parse(_ yaml: String) throws(FunctionSettingsError) -> Node? {
        do throws(YAMLProblem) {
            guard let root = try StrictYAML.compose(yaml) else { return nil }
            return root.null != nil ? nil : root
        } catch {
            throw FunctionSettingsError(line: error.line, message: error.text)
        }
    }

    private mutating func set(_ key: Node, to value: Node) throws(FunctionSettingsError) {
        let line = key.mark?.line
        switch key.scalar?.string {
        case "description": description = try value.text(line, "description")
        case "handler": handler = try Self.handler(value, line)
        case "runtime": runtime = try Self.runtime(value, line)
        case "timeout": timeoutSeconds = try value.number(line, "timeout", Self.timeoutRange, "seconds")
        case "memory": memoryMB = try value.number(line, "memory", Self.memoryRange, "MB")
        case "retries": retries = try value.number(line, "retries", Self.retriesRange, "further runs")
        case "environment": environment = try Self.environment(value, line)
        case "aliases": aliases = try Self.aliases(value, line)
        case let name:
            let known = "description, handler, runtime, timeout, memory, retries, environment, aliases"
            throw FunctionSettingsError(line: line, message: "unknown key \(name ?? "") (known: \(known))")
        }
    }

    private static func handler(_ value: Node, _ line: Int?) throws(FunctionSettingsError) -> String {
        let text = try value.text(line, "handler")
        // One dot alone: `..` would lead out of the function's folder, and so would a slash at the beginning.
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].isIdentifier,
            parts[0].split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy({ !$0.isEmpty && $0.hasOnlyNameCharacters })
        else {
            throw FunctionSettingsError(
                line: line, message: "handler must be FILE.FUNCTION, such as index.main_handler, not \(text)")
        }
        return text
    }

    private static func runtime(_ value: Node, _ line: Int?) throws(FunctionSettingsError) -> String {
        let text = try value.text(line, "runtime")
        guard FunctionRuntime.named(text) != nil else {
            let known = FunctionRuntime.all.map(\.name).joined(separator: ", ")
            throw FunctionSettingsError(
                line: line, message: "runtime \(text) cannot be run here (known: \(known), such as Python3.10)")
        }
        return text
    }

    private static func aliases(
        _ value: Node, _ line: Int?
    ) throws(FunctionSettingsError) -> [String: FunctionVersion] {
        var aliases: [String: FunctionVersion] = [:]
        for (key, value) in try value.entries(line, "aliases") {
            let line = key.mark?.line
            let name = key.scalar?.string ?? ""
            guard name == "$DEFAULT" || name.isAliasName else {
                throw FunctionSettingsError(
                    line: line,
                    message: "\(name) is no name for an alias: up to 64 letters, digits, - and _, a letter first")
            }
            guard let version = FunctionVersion(try value.text(line, name)) else {
                throw FunctionSettingsError(
                    line: line, message: "alias \(name) must stand for a version's number, such as 1, or for $LATEST")
            }
            aliases[name] = version
        }
        return aliases
    }

    private static func environment(_ value: Node, _ line: Int?) throws(FunctionSettingsError) -> [String: String] {
        var variables: [String: String] = [:]
        for (key, value) in try value.entries(line, "environment") {
            let line = key.mark?.line
            let name = key.scalar?.string ?? ""
            try checkVariable(name, line)
            variables[name] = try value.text(line, name)
        }
        let bytes = variables.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard bytes <= environmentBytes else {
            throw FunctionSettingsError(
                line: line, message: "environment has \(bytes) bytes, at most \(environmentBytes) are allowed")
        }
        return variables
    }

    private static func checkVariable(_ name: String, _ line: Int?) throws(FunctionSettingsError) {
        guard name.isIdentifier, name.first != "_" else {
            throw FunctionSettingsError(
                line: line, message: "\(name) is no name for a variable: letters, digits and _, a letter first")
        }
        let reserved = ["SCF_", "QCLOUD_", "TENCENTCLOUD_"]
        if let prefix = reserved.first(where: { name.hasPrefix($0) }) {
            throw FunctionSettingsError(line: line, message: "\(name): names that start with \(prefix) are the cloud's")
        }
    }
}

extension Node {
    /// The scalar as it was written: `yes`, `1.0` and `2024-01-01` stay text.
    fileprivate func text(_ line: Int?, _ key: String) throws(FunctionSettingsError) -> String {
        guard let text = scalar?.string, !text.utf8.contains(0) else {
            throw FunctionSettingsError(line: line, message: "\(key) must be a text")
        }
        return text
    }

    /// The members of a mapping; none where there is nothing.
    fileprivate func entries(_ line: Int?, _ key: String) throws(FunctionSettingsError) -> [(key: Node, value: Node)] {
        if null != nil { return [] }
        guard case .mapping(let mapping) = self else {
            throw FunctionSettingsError(line: line, message: "\(key) must be names and values")
        }
        return mapping.map { ($0.key, $0.value) }
    }

    fileprivate func number(
        _ line: Int?, _ key: String, _ range: ClosedRange<Int>, _ unit: String
    ) throws(FunctionSettingsError) -> Int {
        guard let number = int, range.contains(number) else {
            throw FunctionSettingsError(
                line: line,
                message: "\(key) must be a whole number of \(unit) from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

extension String {
    /// The cloud's rule for names of aliases.
    fileprivate var isAliasName: Bool {
        guard (1...64).contains(utf8.count), let first, first.isASCII, first.isLetter else { return false }
        return hasOnlyNameCharacters
    }
}
