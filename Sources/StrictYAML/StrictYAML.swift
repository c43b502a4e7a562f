// SPDX-License-Identifier: Apache-2.0

package import Yams

/// Reads YAML that people write by hand, and refuses what only harms: everything in it is bounded by the text's length.
///
/// The library composes a tree in which an alias shares what its anchor stands for, and compares the keys of each mapping
/// with one another. A few lines of aliases to aliases stand for more than any machine can visit, so a text is looked
/// through as it stands (``YAMLScan``) before a tree is made of it.
package enum StrictYAML {
    /// - Parameter text: One document. How long it may be is for whoever reads the file to say.
    /// - Returns: Its root; `nil` where there is nothing but comments.
    /// - Throws: ``YAMLProblem`` for what is no YAML; a key that is not a plain word, or is given twice; a second document;
    ///   more than ``YAMLScan/maximumNodes`` values.
    package static func compose(_ text: String) throws(YAMLProblem) -> Node? {
        try YAMLScan.check(text)
        do {
            return try Parser(yaml: text, encoding: .utf8).nextRoot()
        } catch {
            throw YAMLProblem(error)
        }
    }
}

extension YAMLProblem {
    fileprivate init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init("is not YAML: \(problem)", line: mark.line, column: mark.column)
        case .reader(let problem, _, _, _): self.init("is not YAML: \(problem)")
        default: self.init("is not YAML: \(error)")
        }
    }
}
