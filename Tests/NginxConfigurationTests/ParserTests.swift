// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NginxConfiguration

@Suite("nginx's grammar")
struct ParserTests {
    /// A configuration in files of the test's.
    static func read(_ files: [String: String]) throws -> NginxConfiguration {
        try NginxConfiguration(
            file: "/etc/nginx/nginx.conf", read: { files[$0].map { Array($0.utf8) } },
            find: { pattern in
                let parts = pattern.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
                return files.keys.filter { $0.hasPrefix(parts[0]) && $0.hasSuffix(parts[1]) }.sorted()
            })
    }

    static func read(_ text: String) throws -> NginxConfiguration { try read(["/etc/nginx/nginx.conf": text]) }

    struct Case: CustomTestStringConvertible {
        let text: String
        /// Name and arguments, with `|` between them.
        let words: String

        var testDescription: String { text }
    }

    static let lines = [
        Case(text: "listen 80;", words: "listen|80"),
        Case(text: "  listen\n\t80 # a comment; not a word {\n default_server ;", words: "listen|80|default_server"),
        Case(text: #"a "b c" 'd;e' "f{g}" "";"#, words: "a|b c|d;e|f{g}|"),
        Case(
            text: #"a "say \"b\"" 'it\'s' c\ d "tab\there" e\\f;"#,
            words: "a|say \"b\"|it's|c\\ d|tab\there|e\\f"),
        Case(text: "a \"two\nlines\";", words: "a|two\nlines"),
        Case(text: "a $b ${c}d e$f ${g};", words: "a|$b|${c}d|e$f|${g}"),
        Case(text: "a b#c;", words: "a|b#c"),
        Case(text: #"a ^/(b|c)\.d$;"#, words: #"a|^/(b|c)\.d$"#),
        Case(
            text: "log_format j escape=json '{\"a\":\"$b\"}' '}';", words: "log_format|j|escape=json|{\"a\":\"$b\"}|}"),
        Case(text: "include;", words: "include"),
        Case(text: "a 'é…';", words: "a|é…"),
    ]

    @Test("A directive is words, quoted or not, up to its end", arguments: lines)
    func words(line: Case) throws {
        let directives = try Self.read(line.text).directives
        #expect(directives.count == 1)
        let found = try #require(directives.first)
        #expect(([found.name] + found.arguments).joined(separator: "|") == line.words)
        #expect(found.block == nil)
    }

    @Test("Blocks lie in one another, and each directive knows its line")
    func blocks() throws {
        let top = try Self.read(
            """
            events {}
            http {
                server { listen 1; location = /a { return 200 "}"; } }

                map $a $b{ default ""; "~^x{2}" 1; }
            }
            """
        ).directives
        #expect(top.map(\.name) == ["events", "http"])
        #expect(top[0].block == [])
        let http = try #require(top[1].block)
        #expect(http.map(\.name) == ["server", "map"])
        #expect(http.map(\.place.line) == [3, 5])
        let server = try #require(http[0].block)
        #expect(server.map(\.name) == ["listen", "location"])
        #expect(server[1].arguments == ["=", "/a"])
        #expect(server[1].block?.first?.arguments == ["200", "}"])
        #expect(http[1].arguments == ["$a", "$b"])
        #expect("\(server[1].place)" == "/etc/nginx/nginx.conf:3")
    }

    static let mistakes: [(text: String, problem: String)] = [
        ("listen 80", ":1: 'listen' does not end: a ';' or a block is missing"),
        ("a {\n b 1;\n", ":3: a '}' is missing at the end"),
        ("a;\n}", ":2: a '}' that closes nothing"),
        ("a { b }", ":1: a ';' is missing before the '}'"),
        ("\n;", ":2: the name of a directive is missing"),
        ("a { { } }", ":1: the name of a directive is missing"),
        ("a \"b;\nc", ":1: a quote is opened here and never closed"),
        ("a 'b'c;", ":1: a space, ';' or '{' is missing behind a closing quote"),
        ("", ""),
    ]

    @Test("What nginx would not understand is refused with its line", arguments: mistakes)
    func mistake(text: String, problem: String) throws {
        var found = ""
        do {
            _ = try Self.read(text)
        } catch {
            found = "\(error)"
        }
        #expect(found == (problem.isEmpty ? "" : "/etc/nginx/nginx.conf" + problem))
    }

    @Test("Included files stand where they are included, in the order of their names, from the first file's folder on")
    func includes() throws {
        let configuration = try Self.read([
            "/etc/nginx/nginx.conf":
                "a;\ninclude more/*.conf;\ninclude /srv/x.conf;\ninclude none/*.conf;\ninclude gone.conf;\nz;",
            "/etc/nginx/more/1.conf": "one; include inner.conf;",
            "/etc/nginx/more/2.conf": "two { include inner.conf; }",
            "/etc/nginx/inner.conf": "inner;",
            "/srv/x.conf": "\nx;",
        ])
        #expect(configuration.directives.map(\.name) == ["a", "one", "inner", "two", "x", "z"])
        #expect(configuration.directives[3].block?.map(\.name) == ["inner"])
        #expect("\(configuration.directives[4].place)" == "/srv/x.conf:2")
        let missing = configuration.missingFiles.map { "\($0.place) \($0.arguments)" }
        #expect(missing == ["/etc/nginx/nginx.conf:5 [\"gone.conf\"]"])
    }

    @Test("A file that includes itself, and braces without end, are refused")
    func bounds() {
        #expect(throws: SyntaxError.self) { try Self.read("include nginx.conf;") }
        #expect(throws: SyntaxError.self) { try Self.read(String(repeating: "a {", count: 100_000)) }
    }

    static let values: [(text: String, bytes: Int?, seconds: Int?)] = [
        ("0", 0, 0), ("8192", 8192, 8192), ("16k", 16_384, nil), ("4M", 4_194_304, 4 * 2_592_000),
        ("4m", 4_194_304, 240), ("1g", 1 << 30, nil), ("330s", nil, 330), ("1m30s", nil, 90), ("500ms", nil, 0),
        ("1h 5m", nil, 3900), ("", nil, nil), ("$x", nil, nil), ("k", nil, nil), ("-1", nil, nil),
        ("99999999999999999999", nil, nil), ("9999999999999g", nil, nil),
    ]

    @Test("Sizes and times", arguments: values)
    func value(text: String, bytes: Int?, seconds: Int?) {
        #expect(Value.bytes(text) == bytes)
        #expect(Value.seconds(text) == seconds)
    }
}
