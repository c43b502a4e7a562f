// SPDX-License-Identifier: Apache-2.0

/// Reads the INI dialect of a credentials file: what Python's `configparser`, which the official SDK uses, makes of a
/// plain file. Continuation lines and interpolation have no place in a key.
///
/// `[section]` lines, `key = value` or `key: value` lines, comment lines that begin with `#` or `;`.
/// White space around keys and values is syntax. A key given twice is an error, not a guess.
enum CredentialsFileSyntax {
    /// The keys and values of one section.
    ///
    /// - Throws: `InvalidCredential` with the line's number, never its text.
    static func values(of section: String, in bytes: [UInt8], path: String) throws(CloudError) -> [String: String] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .invalidCredential("\(path) is not UTF-8 text.")
        }
        var values: [String: String] = [:]
        var current: Substring?
        var found = false
        for (index, rawLine) in withoutByteOrderMark(text).split(
            omittingEmptySubsequences: false, whereSeparator: \.isNewline
        ).enumerated() {
            let line = trimmed(rawLine)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                current = line.dropFirst().dropLast()
                found = found || current == section[...]
                continue
            }
            guard let current, let separator = line.firstIndex(where: { $0 == "=" || $0 == ":" }) else {
                throw .invalidCredential("Line \(index + 1) of \(path) is neither [section] nor key = value.")
            }
            guard current == section[...] else { continue }
            let key = trimmed(line[..<separator]).lowercased()
            guard values.updateValue(String(trimmed(line[line.index(after: separator)...])), forKey: key) == nil else {
                throw .invalidCredential("Line \(index + 1) of \(path) gives a key for the second time.")
            }
        }
        guard found else { throw .invalidCredential("\(path) has no section [\(section)].") }
        return values
    }

    private static func withoutByteOrderMark(_ text: String) -> Substring {
        text.unicodeScalars.first == "\u{FEFF}" ? Substring(text.unicodeScalars.dropFirst()) : text[...]
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
