// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A place in a request from which one value is taken.
enum FieldSource: Sendable, Equatable {
    /// A value of the JSON body; the empty pointer means the whole of it.
    case body(JSONPointer)
    /// A header field.
    case header(String)
    /// A parameter of the query.
    case query(String)
    /// A fixed text.
    case text(String)

    /// Reads `body`, `body:/POINTER`, `header:NAME`, `query:NAME` or `text:ANYTHING`.
    ///
    /// - Throws: `ConfigurationProblem`.
    init(_ text: String) throws(ConfigurationProblem) {
        let pieces = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let rest = pieces.count == 2 ? String(pieces[1]) : ""
        switch (pieces[0], pieces.count) {
        case ("body", _): self = .body(try Self.checkedPointer(rest))
        case ("header", 2): self = .header(try Self.checkedHeader(rest))
        case ("query", 2) where !rest.isEmpty: self = .query(rest)
        case ("text", 2): self = .text(rest)
        default:
            throw ConfigurationProblem("'\(text)' is none of body:/POINTER, header:NAME, query:NAME and text:ANYTHING")
        }
    }

    private init(pointer: JSONPointer) {
        self = .body(pointer)
    }

    /// A value of the body, by a pointer that stands in the source.
    static func pointer(_ text: String) -> FieldSource? {
        (try? JSONPointer(text)).map(FieldSource.init(pointer:))
    }

    private static func checkedPointer(_ text: String) throws(ConfigurationProblem) -> JSONPointer {
        do throws(JSONPointer.Malformed) {
            return try JSONPointer(text)
        } catch {
            throw ConfigurationProblem("'body:\(text)': \(error)")
        }
    }

    private static func checkedHeader(_ name: String) throws(ConfigurationProblem) -> String {
        guard HeaderRules.isName(name) else { throw ConfigurationProblem("'\(name)' is no name of a header field") }
        guard !HeaderRules.isSensitive(name) else {
            throw ConfigurationProblem("'\(name)' may hold a secret, and is given to no function")
        }
        return name
    }
}
