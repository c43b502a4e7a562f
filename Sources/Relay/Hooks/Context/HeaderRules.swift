// SPDX-License-Identifier: Apache-2.0

/// What is known of header fields by their names.
enum HeaderRules {
    /// Words that mark a field as a secret or a proof of knowing one. Senders invent names faster than a list grows.
    private static let sensitiveWords = [
        "authorization", "cookie", "signature", "token", "secret", "password", "api-key", "apikey", "auth-key",
    ]

    /// Whether a field is kept from functions, which write what they get into logs and databases.
    static func isSensitive(_ name: String) -> Bool {
        let name = name.lowercased()
        return sensitiveWords.contains { name.contains($0) }
    }

    /// Whether a text can be the name of a field (RFC 9110, section 5.1).
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    /// Whether a text can be the value of a field: visible characters, spaces and tabs between them (RFC 9110, section
    /// 5.5). No line break, so that a value cannot end its field.
    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }
}
