// SPDX-License-Identifier: Apache-2.0

/// The few operations on header texts that signing needs. They touch ASCII alone, as HTTP does.
enum HeaderText {
    /// `text` with `A` to `Z` in lower case; the same string where there are none.
    static func lowercased(_ text: String) -> String {
        let upperCase = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard text.utf8.contains(where: upperCase.contains) else { return text }
        return String(decoding: text.utf8.map { upperCase.contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// `text` without the spaces and tabs at its ends.
    static func trimmed(_ text: String) -> String {
        guard isBlank(text.utf8.first) || isBlank(text.utf8.last) else { return text }
        var bytes = text.utf8.drop(while: isBlank)
        while isBlank(bytes.last) { bytes.removeLast() }
        return String(Substring(bytes))
    }

    /// Whether `text` has a control character: a line break would let one field pose as two in the signed text.
    static func hasControlCharacter(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }
    }

    private static func isBlank(_ character: UInt8?) -> Bool {
        character == 0x20 || character == 0x09
    }
}
