// SPDX-License-Identifier: Apache-2.0

/// Why a text is not taken as YAML, and where.
package struct YAMLProblem: Error, Equatable, Sendable {
    /// What is wrong.
    package let message: String
    /// From 1; `nil` where the text as a whole is meant.
    package let line: Int?
    /// From 1.
    package let column: Int?

    init(_ message: String, line: Int? = nil, column: Int? = nil) {
        self.message = message
        self.line = line
        self.column = column
    }

    /// What is wrong, and in which column: to stand behind a file's name and the line.
    package var text: String { column.map { "\(message) (column \($0))" } ?? message }
}
