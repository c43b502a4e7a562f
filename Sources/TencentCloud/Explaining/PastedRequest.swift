// SPDX-License-Identifier: Apache-2.0

/// An HTTP request as a person pastes it: request line, headers, an empty line, body. `curl -v` marks its lines with `> `.
///
/// Pasting changes line ends and the end of the body, so there are several bodies that may have been sent.
struct PastedRequest {
    let method: String
    let path: String
    /// Without the `?`.
    let query: String
    /// The bodies that may have been sent: one of the length that Content-Length names comes first.
    let bodies: [[UInt8]]
    private let headers: [(name: String, value: String)]

    /// Takes the text apart.
    ///
    /// - Returns: `nil` where its first line is no request line.
    init?(_ text: String) {
        let lines = Self.lines(of: text)
        guard let first = lines.first else { return nil }
        let words = first.split(separator: " ")
        guard (2...3).contains(words.count), words[0].allSatisfy({ $0.isASCII && $0.isLetter }),
            words.count == 2 || words[2].hasPrefix("HTTP/"), let target = Self.target(words[1])
        else { return nil }
        method = String(words[0])
        (path, query) = target

        let head = lines.dropFirst().prefix { !$0.isEmpty }
        headers = head.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (
                HeaderText.lowercased(HeaderText.trimmed(String(line[..<colon]))),
                HeaderText.trimmed(String(line[line.index(after: colon)...]))
            )
        }
        let body = lines.dropFirst(head.count + 2).joined(separator: "\n")
        let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) }
        bodies = Self.bodies(pasted: body, length: length)
    }

    /// The value of a header, by its name in lower case.
    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    private static func lines(of text: String) -> [Substring] {
        let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
        let isVerbose = lines.contains { $0.hasPrefix("> ") }
        // curl's own remarks (*) and the answer (<) stand between.
        let sent = isVerbose ? lines.filter { $0.hasPrefix(">") }.map { $0.dropFirst(2) } : lines
        return Array(sent.drop { $0.allSatisfy(\.isWhitespace) })
    }

    private static func target(_ text: Substring) -> (path: String, query: String)? {
        var rest = text
        if let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
            if !rest.hasPrefix("/") { rest = "/" + rest }
        }
        guard rest.hasPrefix("/") else { return nil }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    }

    private static func bodies(pasted text: String, length: Int?) -> [[UInt8]] {
        var trimmed = text[...]
        while trimmed.hasSuffix("\n") { trimmed.removeLast() }
        let forms = [String(trimmed), text, trimmed + "\n", text.replacing("\n", with: "\r\n")]
        var bodies: [[UInt8]] = []
        for form in forms where !bodies.contains(Array(form.utf8)) { bodies.append(Array(form.utf8)) }
        guard let length, let index = bodies.firstIndex(where: { $0.count == length }) else { return bodies }
        bodies.swapAt(0, index)
        return bodies
    }
}
