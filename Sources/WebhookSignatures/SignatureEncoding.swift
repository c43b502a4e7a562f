// SPDX-License-Identifier: Apache-2.0

/// How bytes are written in a header field.
public enum SignatureEncoding: String, Sendable, CaseIterable {
    /// Two lower-case digits a byte. Upper case is not taken: no sender writes it, and one form is enough.
    case hex
    /// RFC 4648, section 4, with its padding.
    case base64

    /// The text for some bytes.
    func encode(_ bytes: [UInt8]) -> String {
        switch self {
        case .hex:
            String(
                decoding: bytes.flatMap { [Self.hexDigits[Int($0 >> 4)], Self.hexDigits[Int($0 & 15)]] }, as: UTF8.self)
        case .base64: Base64.encode(bytes)
        }
    }

    /// The bytes of a text; `nil` where it is not exactly of this form.
    func decode(_ text: some StringProtocol) -> [UInt8]? {
        switch self {
        case .hex: Self.decodeHex(Array(text.utf8))
        case .base64: Base64.decode(text)
        }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func decodeHex(_ digits: [UInt8]) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = hexDigits.firstIndex(of: digits[index]),
                let low = hexDigits.firstIndex(of: digits[index + 1])
            else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}

/// Base64 (RFC 4648, section 4).
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    /// The value of each character, and 255 for every byte that is none.
    private static let values: [UInt8] = (UInt8.min...UInt8.max).map { byte in
        alphabet.firstIndex(of: byte).map(UInt8.init) ?? 255
    }

    /// The text for some bytes, with padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var bits: UInt32 = 0
        var pending = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            pending += 8
            while pending >= 6 {
                pending -= 6
                text.append(alphabet[Int(bits >> UInt32(pending) & 63)])
            }
        }
        if pending > 0 { text.append(alphabet[Int(bits << UInt32(6 - pending) & 63)]) }
        while !text.count.isMultiple(of: 4) { text.append(padding) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text.
    ///
    /// - Parameters:
    ///   - text: Base64 and nothing else.
    ///   - needsPadding: Whether the `=` at the end must be there. Secrets are often copied without.
    /// - Returns: `nil` where it is no Base64, or more than one text would stand for the same bytes.
    public static func decode(_ text: some StringProtocol, needsPadding: Bool = true) -> [UInt8]? {
        let characters = Array(text.utf8)
        let digits = characters.prefix { $0 != padding }
        let paddingCount = characters.count - digits.count
        guard characters[digits.count...].allSatisfy({ $0 == padding }), digits.count % 4 != 1 else { return nil }
        let expected = (4 - digits.count % 4) % 4
        guard paddingCount == expected || (!needsPadding && paddingCount == 0) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var bits: UInt32 = 0
        var pending = 0
        for digit in digits {
            let value = values[Int(digit)]
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            pending += 6
            guard pending >= 8 else { continue }
            pending -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(pending)))
        }
        // Bits that stand for nothing must be zero.
        guard bits & (1 << UInt32(pending) - 1) == 0 else { return nil }
        return bytes
    }
}
