// SPDX-License-Identifier: Apache-2.0

import Testing
import Yams

@testable import StrictYAML

/// What a hostile file is refused for, and that nothing of it is computed first. A case that fails here may never end.
@Suite("YAML that people write by hand", .timeLimit(.minutes(1)))
struct StrictYAMLTests {
    /// Ten lists of nine, each of the one before: nine to the tenth values, in a few lines.
    static let bomb =
        "x0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        + (1...9).map { "x\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 9).joined(separator: ", "))]\n" }
        .joined()

    static let keys: [(text: String, line: Int, column: Int)] = [
        ("? [a]\n: b", 1, 3), ("? {a: b}\n: c", 1, 3), ("a: &a [x]\n? *a\n: b", 2, 3), ("a: &a x\n*a : b", 2, 1),
        ("a: &a [x]\nb: {*a : 1}", 2, 5), ("a: &a [x]\nb: [*a : 1]", 2, 5), ("[a, b]: c", 1, 1),
        ("a:\n  - b: c\n    ? - d\n    : e", 3, 7), ("a: {? [b] : c}", 1, 7), ("? &a [*a]\n: 1", 1, 3),
    ]

    @Test("A key is a word: no list, no mapping, no alias", arguments: keys)
    func refusesKey(text: String, line: Int, column: Int) {
        let problem = #expect(throws: YAMLProblem.self) { try StrictYAML.compose(text) }
        #expect(problem == YAMLProblem("a key must be a plain word", line: line, column: column))
    }

    static let bombs = [
        "? *a4\n: 1", "*a4 : 1", "k: {*a4 : 1}", "k: [{? [*a4] : 1}]", "? {k: *a4}\n: 1", "? *a9\n: 1", "k: *a9",
        "? *a9\n: 1\n? *a9\n: 2", "--- \n? *a9\n: 1", "...\n? *a9\n: 1",
    ]

    @Test("Aliases to aliases are refused before anything visits what they stand for", arguments: bombs)
    func refusesBombs(end: String) {
        #expect(throws: YAMLProblem.self) { try StrictYAML.compose(Self.bomb + end) }
    }

    @Test("What aliases stand for counts each time")
    func aliasesCount() {
        // 91 + 4 × … : the fifth line passes the bound.
        let problem = #expect(throws: YAMLProblem.self) { try StrictYAML.compose(Self.bomb) }
        #expect(problem?.line == 6)
        #expect(problem?.message == "holds more than 100000 values, each alias counted as what it stands for")
        // Linear in each part, and yet their product.
        let mapping = "m: &m {" + (0..<5_000).map { "k\($0): v" }.joined(separator: ", ") + "}\n"
        let wide = mapping + "functions: [" + Array(repeating: "*m", count: 5_000).joined(separator: ", ") + "]\n"
        #expect(throws: YAMLProblem.self) { try StrictYAML.compose(wide) }
        let much = "[" + Array(repeating: "x", count: 100_000).joined(separator: ",") + "]"
        #expect(throws: YAMLProblem.self) { try StrictYAML.compose(much) }
    }

    @Test("An alias of a value is that value")
    func alias() throws {
        let root = try #require(
            try StrictYAML.compose("a: &a {k: v, l: [1]}\nb: *a\nc: &s word\nd: [*s, *a]\n&e e: *s"))
        #expect(root["b"]?["k"]?.string == "v")
        #expect(root["d"]?[0]?.string == "word")
        #expect(root["d"]?[1]?["l"]?[0]?.string == "1")
        #expect(root["e"]?.string == "word")
        let much = "[" + Array(repeating: "x", count: 99_999).joined(separator: ",") + "]"
        #expect(try StrictYAML.compose(much)?.sequence?.count == 99_999)
    }

    static let twice: [(text: String, problem: YAMLProblem)] = [
        ("a: 1\na: 2", YAMLProblem("'a' is given twice, first on line 1", line: 2, column: 1)),
        ("a: 1\n\"a\": 2", YAMLProblem("'a' is given twice, first on line 1", line: 2, column: 1)),
        ("b:\n  - c: 1\n    d: 2\n    c: 3", YAMLProblem("'c' is given twice, first on line 2", line: 4, column: 5)),
        ("a: {b: 1, b: 2}", YAMLProblem("'b' is given twice, first on line 1", line: 1, column: 11)),
        ("? a\n? a", YAMLProblem("'a' is given twice, first on line 1", line: 2, column: 3)),
    ]

    @Test("A key that is given twice is named where it is given again", arguments: twice)
    func refusesTwice(text: String, problem: YAMLProblem) {
        #expect(throws: problem) { try StrictYAML.compose(text) }
    }

    @Test(
        "The same key in several mappings is no repetition",
        arguments: ["a: {k: 1}\nb: {k: 2}\nk: 3", "- {a: 1}\n- {a: 2}", "a: b\nb: a", "a: [a, a]"])
    func notTwice(text: String) throws {
        #expect(try StrictYAML.compose(text) != nil)
    }

    @Test("There is one document", arguments: ["a: 1\n---\nb: 2", "a\n...\n---\nb", "---\n---\n"])
    func documents(text: String) {
        let problem = #expect(throws: YAMLProblem.self) { try StrictYAML.compose(text) }
        #expect(problem?.message == "holds a second document")
    }

    @Test("What is no YAML is said with its place", arguments: ["a: [1", "\"", "a: *b", "a: b: c", "\t- a", "&a [*a]"])
    func syntax(text: String) {
        let problem = #expect(throws: YAMLProblem.self) { try StrictYAML.compose(text) }
        #expect(problem?.message.hasPrefix("is not YAML: ") == true)
        #expect(problem?.line != nil && problem?.column != nil)
    }

    @Test("Depth has a bound", arguments: ["[", "{a: ", "- ", "? "])
    func depth(opening: String) {
        #expect(throws: YAMLProblem.self) { try StrictYAML.compose(String(repeating: opening, count: 200_000)) }
    }

    @Test("Nothing is nothing", arguments: ["", "# only this\n", "\u{FEFF}"])
    func nothing(text: String) throws {
        #expect(try StrictYAML.compose(text) == nil)
    }
}
