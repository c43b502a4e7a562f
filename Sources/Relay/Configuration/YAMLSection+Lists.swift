// SPDX-License-Identifier: Apache-2.0

import Yams

// Values that are not one text, one number or one section.

extension YAMLSection {
    /// Something that may be written as one word, or with keys of its own.
    enum Item {
        case word(String, Node)
        case section(YAMLSection)
    }

    /// One such value.
    func item(_ key: String) -> Item? {
        take(key).flatMap { item($0, of: key) }
    }

    /// A list of such values.
    func items(_ key: String) -> [Item]? {
        guard let node = take(key) else { return nil }
        guard case .sequence(let sequence) = node, !sequence.isEmpty else {
            report(node, "'\(path(key))' must be a list with something in it")
            return nil
        }
        return sequence.compactMap { item($0, of: key) }
    }

    /// A list of texts that something is made of; what that throws is reported at the text's line.
    func values<Value>(_ key: String, _ make: (String) throws -> Value) -> [Value]? {
        guard let items = items(key) else { return nil }
        return items.compactMap { item in
            guard case .word(let word, let node) = item else {
                report(key, "'\(path(key))' must be a list of texts")
                return nil
            }
            return value(word, at: node, of: key, make)
        }
    }

    /// A mapping of names of the reader's choice to texts, in its order.
    func pairs<Value>(_ key: String, _ make: (String) throws -> Value) -> [(name: String, value: Value)]? {
        guard let node = take(key) else { return nil }
        guard case .mapping(let mapping) = node, !mapping.isEmpty else {
            report(node, "'\(path(key))' must hold names and values")
            return nil
        }
        return mapping.compactMap { nameNode, valueNode in
            guard let name = nameNode.scalar?.string, let text = valueNode.scalar?.string, !text.isEmpty else {
                report(nameNode, "'\(path(key))' must hold names and texts")
                return nil
            }
            return value(text, at: valueNode, of: key, make).map { (name, $0) }
        }
    }

    /// `true` or `false`, and nothing that YAML 1.1 would take for one of them.
    func boolean(_ key: String) -> Bool? {
        value(key) { text in
            guard let value = Bool(text) else { throw ConfigurationProblem("'\(text)' is neither true nor false") }
            return value
        }
    }

    private func item(_ node: Node, of key: String) -> Item? {
        switch node {
        case .mapping: return .section(YAMLSection(node, name: path(key)))
        case .scalar(let scalar) where !scalar.string.isEmpty: return .word(scalar.string, node)
        default:
            report(node, "'\(path(key))' must be a text, or hold keys and values")
            return nil
        }
    }

    private func value<Value>(
        _ text: String, at node: Node, of key: String, _ make: (String) throws -> Value
    ) -> Value? {
        do {
            return try make(text)
        } catch {
            report(node, "'\(path(key))': \(error)")
            return nil
        }
    }
}
