// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Escapes text for HTML by its bytes; the templates name it in their first line: `{{% CONTENT_TYPE:STRICT-HTML}}`.
///
/// Mustache's own HTML type compares whole `Character`s, and a combining mark makes another `Character` of the `<` or
/// `"` it follows or precedes: U+0600 and `<script>` together would go out unescaped. Bytes have no such neighbours.
struct StrictHTML: MustacheContentType {
    static let name = "STRICT-HTML"

    func escapeText(_ text: String) -> String {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count + text.utf8.count / 8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): escaped += "&lt;".utf8
            case UInt8(ascii: ">"): escaped += "&gt;".utf8
            case UInt8(ascii: "&"): escaped += "&amp;".utf8
            case UInt8(ascii: "\""): escaped += "&quot;".utf8
            case UInt8(ascii: "'"): escaped += "&#39;".utf8
            // A parser would turn a bare CR into LF; NUL is not allowed in HTML at all.
            case 0x0D: escaped += "&#13;".utf8
            case 0x00: escaped += "\u{FFFD}".utf8
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}
