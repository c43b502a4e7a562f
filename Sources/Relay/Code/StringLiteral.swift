// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Writes text as a whole string literal of a programming language, quotes included. A code template names the language
/// in its first line, `{{% CONTENT_TYPE:PYTHON}}`, and every variable in it becomes such a literal.
///
/// What an editor, a terminal or a reader could mistake (control characters, U+2028, directional marks, zero-width
/// spaces) is written as an escape; every other character stands for itself.
struct StringLiteral: MustacheContentType {
    /// Characters with an escape of their own, beside `\`, `"`, newline, return and tab.
    var escapes: [Unicode.Scalar: String] = [:]
    /// The escape of any other character that must not stand for itself.
    let escape: @Sendable (Unicode.Scalar) -> String

    /// Every literal that a template may name.
    static let all: [String: any MustacheContentType] = [
        "PYTHON": StringLiteral { scalar in
            switch scalar.value {
            case ..<0x100: "\\x" + hexadecimal(scalar.value, digits: 2)
            case ..<0x10000: "\\u" + hexadecimal(scalar.value, digits: 4)
            default: "\\U" + hexadecimal(scalar.value, digits: 8)
            }
        },
        // Java reads \uXXXX before it knows of literals: \u0022 would end one. Octal escapes are read inside it.
        "JAVA": StringLiteral { scalar in
            scalar.value < 0x100
                ? "\\" + octal(scalar.value)
                : String(scalar).utf16.map { "\\u" + hexadecimal(UInt32($0), digits: 4) }.joined()
        },
        "GO": StringLiteral(escape: fourOrEightDigits),
        "CSHARP": StringLiteral(escape: fourOrEightDigits),
        "JAVASCRIPT": StringLiteral { "\\u{" + hexadecimal($0.value) + "}" },
        "PHP": StringLiteral(escapes: ["$": "\\$"]) { "\\u{" + hexadecimal($0.value) + "}" },
        "SHELL": ShellWord(),
    ]

    /// A text in one of the languages of ``all``; `nil` for any other.
    static func literal(_ text: String, _ language: String) -> String? {
        all[language]?.escapeText(text)
    }

    func escapeText(_ text: String) -> String {
        var literal = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": literal += "\\\\"
            case "\"": literal += "\\\""
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case _ where escapes[scalar] != nil: literal += escapes[scalar] ?? ""
            case _ where scalar.standsForItself: literal.unicodeScalars.append(scalar)
            default: literal += escape(scalar)
            }
        }
        return literal + "\""
    }
}

/// Writes text as one word of a shell: bare where nothing in it means anything to a shell, else in single quotes.
///
/// What cannot be typed or seen stands in `$'…'` (POSIX.1-2024; bash, zsh and ksh have had it for decades), as the octal
/// escapes of its UTF-8 bytes: a tab or a return that is pasted into a terminal would do something else.
private struct ShellWord: MustacheContentType {
    func escapeText(_ text: String) -> String {
        let scalars = text.unicodeScalars
        if !scalars.isEmpty, scalars.allSatisfy(isBare) { return text }
        if scalars.allSatisfy({ $0 == "\n" || $0.standsForItself }) {
            return "'" + scalars.map { $0 == "'" ? "'\\''" : String($0) }.joined() + "'"
        }
        return "$'" + scalars.map(escaped).joined() + "'"
    }

    private func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\\": "\\\\"
        case "\n": "\\n"
        // Not \': interactive shells that look for "!" think that the word ends there.
        case _ where scalar != "'" && scalar.standsForItself: String(scalar)
        default: String(scalar).utf8.map { "\\" + octal(UInt32($0)) }.joined()
        }
    }

    private func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", ":", "/": true
        default: false
        }
    }
}

extension Unicode.Scalar {
    /// Whether a reader sees this character, and no tool changes it on the way.
    fileprivate var standsForItself: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}

/// `\u2028`, `\U0001f600`.
private func fourOrEightDigits(_ scalar: Unicode.Scalar) -> String {
    scalar.value < 0x10000
        ? "\\u" + hexadecimal(scalar.value, digits: 4) : "\\U" + hexadecimal(scalar.value, digits: 8)
}

private func hexadecimal(_ number: UInt32, digits: Int = 1) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
}

/// A number under 512 as three octal digits.
private func octal(_ number: UInt32) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: max(0, 3 - text.utf8.count)) + text
}
