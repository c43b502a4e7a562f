// SPDX-License-Identifier: Apache-2.0

/// Values in `name=value` pairs. What a caller sends can end neither its value nor its line, nor change how a terminal
/// shows the rest.
enum LogText {
    /// Appends a value: bare where it is a plain word, else in quotes with `\"`, `\\`, `\n`, `\r`, `\t` and `\u{…}`.
    static func append(_ value: String, to bytes: inout [UInt8]) {
        if !value.isEmpty, value.utf8.allSatisfy(isPlain) {
            bytes += value.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": bytes += #"\""#.utf8
            case "\\": bytes += #"\\"#.utf8
            case "\n": bytes += #"\n"#.utf8
            case "\r": bytes += #"\r"#.utf8
            case "\t": bytes += #"\t"#.utf8
            default:
                if isInvisible(scalar) {
                    bytes += "\\u{\(String(scalar.value, radix: 16))}".utf8
                } else {
                    bytes += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Appends a name that is not known in advance: what a name cannot have becomes `_`.
    static func appendName(_ name: String, to bytes: inout [UInt8]) {
        if name.isEmpty { bytes.append(UInt8(ascii: "_")) }
        for byte in name.utf8 { bytes.append(isPlain(byte) ? byte : UInt8(ascii: "_")) }
    }

    /// Visible ASCII but for what divides or quotes.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
            && byte != UInt8(ascii: "\\")
    }

    /// Control characters, also those above ASCII that terminals obey; what ends a line or a paragraph; what has no
    /// width or turns the direction of writing.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
