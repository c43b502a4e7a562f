// SPDX-License-Identifier: Apache-2.0

/// A header value of the form `type/subtype; name=value; name="value"`, such as a Content-Type (RFC 9110, 8.3.1), or
/// `form-data; name="…"`, a Content-Disposition.
struct MediaType {
    /// What stands before the first semicolon, in small letters.
    let essence: String
    /// The parameters, their names in small letters. No name comes twice.
    let parameters: [(name: String, value: String)]

    /// What most programs send, and as they send it: not taken apart anew for each call.
    static let json = MediaType(essence: "application/json")

    private init(essence: String) {
        self.essence = essence
        parameters = []
    }

    /// Parameters that a value may have: each is compared with all before it.
    private static let maximumParameters = 16

    /// Reads a value; `nil` where it breaks the grammar.
    init?(_ text: String) {
        var scanner = Scanner(rest: text.utf8[...])
        scanner.skipSpace()
        guard let essence = scanner.token(including: UInt8(ascii: "/")) else { return nil }
        self.essence = essence.lowercased()

        var parameters: [(name: String, value: String)] = []
        scanner.skipSpace()
        while scanner.skip(UInt8(ascii: ";")) {
            scanner.skipSpace()
            if scanner.rest.isEmpty { break }
            guard let name = scanner.token()?.lowercased(), scanner.skip(UInt8(ascii: "=")),
                let value = scanner.rest.first == UInt8(ascii: "\"") ? scanner.quotedString() : scanner.token(),
                parameters.count < Self.maximumParameters, !parameters.contains(where: { $0.name == name })
            else { return nil }
            parameters.append((name, value))
            scanner.skipSpace()
        }
        guard scanner.rest.isEmpty else { return nil }
        self.parameters = parameters
    }

    /// The value of a parameter.
    subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Whether the text is UTF-8, as far as the value says anything about it.
    var isUTF8: Bool {
        guard let charset = self["charset"]?.lowercased() else { return true }
        return charset == "utf-8" || charset == "utf8"
    }
}

/// Reads the pieces that RFC 9110, 5.6, gives header values.
private struct Scanner {
    var rest: Substring.UTF8View

    mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest.removeFirst()
        return true
    }

    /// One or more token characters, or also of one more kind.
    mutating func token(including extra: UInt8? = nil) -> String? {
        let token = rest.prefix { Self.isTokenCharacter($0) || $0 == extra }
        rest = rest[token.endIndex...]
        return token.isEmpty ? nil : String(Substring(token))
    }

    /// Text in double quotes. A backslash is an escape before a quote or a backslash, and else itself, as browsers have it.
    mutating func quotedString() -> String? {
        guard skip(UInt8(ascii: "\"")) else { return nil }
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(validating: value, as: UTF8.self) }
            guard byte >= 0x20 || byte == UInt8(ascii: "\t"), byte != 0x7F else { return nil }
            let next = rest.first
            if byte == UInt8(ascii: "\\"), let next, next == byte || next == UInt8(ascii: "\"") {
                value.append(next)
                rest.removeFirst()
            } else {
                value.append(byte)
            }
        }
        return nil
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
