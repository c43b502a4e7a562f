// SPDX-License-Identifier: Apache-2.0

/// Pretty-prints JSON by its tokens: only white space between tokens changes.
///
/// Numbers and strings stay as they are written: `12345678901234567890.10e+02` would not survive a decoder.
/// `public/js/json-format.js` does the same in the browser.
enum PrettyJSON {
    /// Indents a text that is known to be valid JSON.
    ///
    /// - Parameters:
    ///   - json: Valid JSON; anything else gives nonsense, but does no harm.
    ///   - maximumGrowth: Deep nesting makes indentation grow with the square of the text: beyond this many times the
    ///     length (and 4 KB) the answer is nil.
    /// - Returns: The text with two spaces a level; nil where it would grow out of bounds.
    static func format(_ json: String, maximumGrowth: Int = 8) -> String? {
        var writer = Writer(bound: json.utf8.count * maximumGrowth + 4096, capacity: json.utf8.count * 2)
        var inString = false
        var escaped = false
        for byte in json.utf8 {
            if inString {
                writer.append(byte)
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            inString = byte == UInt8(ascii: "\"")
            writer.appendOutsideString(byte)
            if writer.isOverBound { return nil }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// What was written, and the white space that the next token may ask for.
    private struct Writer {
        let bound: Int
        private(set) var bytes: [UInt8] = []
        private var depth = 0
        private var followsOpening = false

        init(bound: Int, capacity: Int) {
            self.bound = bound
            bytes.reserveCapacity(capacity)
        }

        var isOverBound: Bool { bytes.count > bound }

        mutating func append(_ byte: UInt8) { bytes.append(byte) }

        mutating func appendOutsideString(_ byte: UInt8) {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D:
                return
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth = max(0, depth - 1)
                if !followsOpening { startLine() }
                bytes.append(byte)
            case UInt8(ascii: ","):
                bytes.append(byte)
                startLine()
            case UInt8(ascii: ":"):
                bytes += [byte, 0x20]
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if followsOpening { startLine() }
                bytes.append(byte)
                depth += 1
                followsOpening = true
                return
            default:
                if followsOpening { startLine() }
                bytes.append(byte)
            }
            followsOpening = false
        }

        private mutating func startLine() {
            bytes.append(0x0A)
            bytes += repeatElement(0x20, count: depth * 2)
        }
    }
}
