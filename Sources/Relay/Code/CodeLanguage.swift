// SPDX-License-Identifier: Apache-2.0

import Mustache

/// A language in which a call can be written: one file of `Code/Templates`, which names itself in its head.
/// The plugin `EmbedCodeTemplates` makes whatever file is there a part of the program, as `codeTemplates`.
///
/// ```text
/// {{% CONTENT_TYPE:PYTHON}}        how strings are written: a key of StringLiteral.all
/// {{! language: python             the name in addresses and JSON
///     title: Python                the name for people
///     file: invoke.py              what the code may be saved as
///     order: 1 }}                  its place among the languages, from 1
/// ```
struct CodeLanguage: Sendable {
    /// Why a text is no code template.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    let title: String
    let file: String
    private let order: Int
    private let template: MustacheTemplate

    /// The languages that this program was built with, in the order in which they are shown.
    static let all: [CodeLanguage] = {
        do {
            return try codeTemplates.map(CodeLanguage.init).sorted { ($0.order, $0.name) < ($1.order, $1.name) }
        } catch {
            preconditionFailure("code template: \(error)")
        }
    }()

    /// Reads a template.
    ///
    /// - Throws: ``Malformed`` where its head lacks something or its order is no number; `MustacheTemplate.ParserError`.
    init(source: String) throws {
        for (name, literal) in StringLiteral.all { MustacheContentTypes.register(literal, named: name) }
        name = try Self.field("language", of: source)
        title = try Self.field("title", of: source)
        file = try Self.field("file", of: source)
        let order = try Self.field("order", of: source)
        guard let number = Int(order) else { throw Malformed(description: "order '\(order)' is no number") }
        self.order = number
        template = try MustacheTemplate(string: source)
    }

    /// A line `key: value` of the comment in the second line.
    private static func field(_ key: String, of source: String) throws -> String {
        let comment = source.split(separator: "{{!", maxSplits: 1).dropFirst().first ?? ""
        let head = comment.split(separator: "}}", maxSplits: 1).first ?? ""
        for line in head.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingPrefix { $0 == " " } }
            if parts.count == 2, parts[0] == key { return String(parts[1].reversed().drop { $0 == " " }.reversed()) }
        }
        throw Malformed(description: "no '\(key)' in the head of '\(source.prefix(40))'")
    }

    /// The call as code.
    func code(_ context: [String: any Sendable]) -> String {
        template.render(context)
    }
}
