// SPDX-License-Identifier: Apache-2.0

/// A second reading of RFC 8259, written to be obviously right rather than fast: the yardstick for the fast one.
struct ReferenceJSON {
    private var rest: ArraySlice<UInt8>

    static func accepts(_ document: [UInt8]) -> Bool {
        guard String(validating: document, as: UTF8.self) != nil else { return false }
        var reader = ReferenceJSON(rest: document[...])
        return reader.element() && reader.rest.isEmpty
    }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func take(where matches: (UInt8) -> Bool) -> Bool {
        guard let first = rest.first, matches(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private mutating func space() {
        while take(where: { " \t\r\n".utf8.contains($0) }) {}
    }

    private mutating func element() -> Bool {
        space()
        defer { space() }
        if take("{") { return members(closedBy: "}") { $0.member() } }
        if take("[") { return members(closedBy: "]") { $0.element() } }
        if rest.first == UInt8(ascii: "\"") { return string() }
        return take("true") || take("false") || take("null") || number()
    }

    private mutating func members(closedBy end: String, _ one: (inout ReferenceJSON) -> Bool) -> Bool {
        space()
        if take(end) { return true }
        repeat {
            guard one(&self) else { return false }
            space()
        } while take(",")
        return take(end)
    }

    private mutating func member() -> Bool {
        space()
        guard string() else { return false }
        space()
        return take(":") && element()
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while !take("\"") {
            if take("\\u") {
                guard let unit = hexQuad() else { return false }
                if (0xDC00...0xDFFF).contains(unit) { return false }
                if (0xD800...0xDBFF).contains(unit) {
                    guard take("\\u"), let low = hexQuad(), (0xDC00...0xDFFF).contains(low) else { return false }
                }
            } else if take("\\") {
                guard take(where: { "\"\\/bfnrt".utf8.contains($0) }) else { return false }
            } else {
                guard take(where: { $0 >= 0x20 }) else { return false }
            }
        }
        return true
    }

    private mutating func hexQuad() -> Int? {
        let digits = rest.prefix(4)
        let areHex = digits.allSatisfy { "0123456789abcdefABCDEF".utf8.contains($0) }
        guard digits.count == 4, areHex, let value = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
            return nil
        }
        rest = rest.dropFirst(4)
        return value
    }

    private mutating func digits() -> Bool {
        var count = 0
        while take(where: { "0123456789".utf8.contains($0) }) { count += 1 }
        return count > 0
    }

    private mutating func number() -> Bool {
        _ = take("-")
        guard take("0") || digits() else { return false }
        if take("."), !digits() { return false }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            return digits()
        }
        return true
    }
}
