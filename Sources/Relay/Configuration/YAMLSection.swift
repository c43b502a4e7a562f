// SPDX-License-Identifier: Apache-2.0

import Yams

/// One mapping of a YAML file, read key by key. Problems are collected, so that one look at a file shows all of them.
final class YAMLSection {
    private let name: String
    private let line: Int?
    private let isMapping: Bool
    private var values: [String: Node] = [:]
    private var lines: [String: Int] = [:]
    private var known: Set<String> = []
    private(set) var problems: [ConfigurationProblem] = []

    /// - Parameters:
    ///   - node: A mapping; anything else is a problem.
    ///   - name: The key that the mapping stands under; empty at the top.
    init(_ node: Node, name: String = "") {
        self.name = name
        line = node.mark?.line
        guard case .mapping(let mapping) = node else {
            // A key without anything behind it is a section without keys.
            isMapping = node.isEmptyScalar
            if isMapping { return }
            report(node, "\(name.isEmpty ? "the file" : "'\(name)'") must hold keys and values")
            return
        }
        isMapping = true
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                report(keyNode, "a key must be a plain word")
                continue
            }
            values[key] = value
            lines[key] = keyNode.mark?.line
        }
    }

    func string(_ key: String) -> String? {
        guard let node = take(key) else { return nil }
        guard let scalar = node.scalar, !node.isEmptyScalar else {
            report(node, "'\(path(key))' must be a text")
            return nil
        }
        return scalar.string
    }

    /// A text that something else is made of; what that throws is reported as this key's problem.
    func value<Value>(_ key: String, _ make: (String) throws -> Value) -> Value? {
        guard let text = string(key) else { return nil }
        if text.isEmpty {
            report(key, "'\(path(key))' must not be empty")
            return nil
        }
        do {
            return try make(text)
        } catch {
            report(key, "'\(path(key))': \(error)")
            return nil
        }
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = take(key) else { return nil }
        guard let scalar = node.scalar, let number = Int(scalar.string), range.contains(number) else {
            report(node, "'\(path(key))' must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return number
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ key: String, of type: Choice.Type) -> Choice? {
        value(key) { text in
            if let choice = Choice(rawValue: text) { return choice }
            let all = Choice.allCases.map { "'\($0.rawValue)'" }.joined(separator: " or ")
            throw ConfigurationProblem("'\(text)' is not known; it must be \(all)")
        }
    }

    func section(_ key: String) -> YAMLSection? {
        take(key).map { YAMLSection($0, name: path(key)) }
    }

    func sections(_ key: String) -> [YAMLSection]? {
        guard let node = take(key) else { return nil }
        guard case .sequence(let sequence) = node else {
            report(node, "'\(path(key))' must be a list")
            return nil
        }
        return sequence.map { YAMLSection($0, name: path(key)) }
    }

    /// What may be one word or a list of them, each with its line.
    enum TextOrList {
        case text(String)
        case list([(text: String, line: Int?)])
    }

    func textOrList(_ key: String) -> TextOrList? {
        guard let node = take(key) else { return nil }
        if let scalar = node.scalar { return .text(scalar.string) }
        guard case .sequence(let sequence) = node else {
            report(node, "'\(path(key))' must be a word or a list of words")
            return nil
        }
        var items: [(text: String, line: Int?)] = []
        for item in sequence {
            guard let scalar = item.scalar, !item.isEmptyScalar else {
                report(item, "'\(path(key))' must be a list of words")
                return nil
            }
            items.append((scalar.string, item.mark?.line))
        }
        return .list(items)
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    /// Notes that a key is missing. Returns `nil`, so that it can stand behind `??`.
    func missing<Value>(_ key: String, _ example: String) -> Value? {
        // A key that is there but wrong has been reported already.
        guard isMapping, values[key] == nil else { return nil }
        problems.append(
            ConfigurationProblem("'\(path(key))' is missing; write, for example, \(key): \(example)", line: line))
        return nil
    }

    /// Notes a problem with a key's value.
    func report(_ key: String, _ message: String) {
        problems.append(ConfigurationProblem(message, line: lines[key] ?? line))
    }

    /// Notes a problem at a line.
    func report(_ message: String, line: Int?) {
        problems.append(ConfigurationProblem(message, line: line))
    }

    /// Takes over the problems of a section below, and reports its keys that nobody asked for.
    func finish(_ section: YAMLSection?) {
        guard let section else { return }
        section.reportUnknownKeys()
        problems += section.problems
    }

    func reportUnknownKeys() {
        let all = known.sorted().joined(separator: ", ")
        for key in values.keys.sorted() where !known.contains(key) {
            report(key, "'\(path(key))' is not a known key; known here: \(all)")
        }
    }

    private func take(_ key: String) -> Node? {
        known.insert(key)
        return values[key]
    }

    private func report(_ node: Node, _ message: String) {
        problems.append(ConfigurationProblem(message, line: node.mark?.line))
    }

    private func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }
}

extension Node {
    /// `key:` with nothing behind it.
    fileprivate var isEmptyScalar: Bool {
        guard let scalar else { return false }
        return scalar.string.isEmpty && scalar.style == .plain
    }
}
