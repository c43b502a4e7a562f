// SPDX-License-Identifier: Apache-2.0

/// JSON text with other white space: what a client has signed where it wrote the body twice, in two ways.
enum JSONSpacing {
    /// Without white space between tokens, as JavaScript writes it.
    static func compact(_ text: [UInt8]) -> [UInt8] { respaced(text, afterSeparator: []) }
    /// With a space after each `:` and `,`, as Python writes it.
    static func spaced(_ text: [UInt8]) -> [UInt8] { respaced(text, afterSeparator: [UInt8(ascii: " ")]) }

    private static func respaced(_ text: [UInt8], afterSeparator space: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in text {
            if isInString {
                result.append(byte)
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                continue
            }
            switch byte {
            case 0x09, 0x0A, 0x0D, 0x20: continue
            case UInt8(ascii: ":"), UInt8(ascii: ","): result += [byte] + space
            default: result.append(byte)
            }
            isInString = byte == UInt8(ascii: "\"")
        }
        return result
    }
}
