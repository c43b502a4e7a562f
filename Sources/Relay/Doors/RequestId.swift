// SPDX-License-Identifier: Apache-2.0

import FastCGI

/// The id of one call: in its answer, in the log, and, where nginx made it, in nginx's log too.
enum RequestId {
    /// nginx's `$request_id` (32 hexadecimal digits) where it passes it on as `REQUEST_ID`, else a new random one.
    static func of(_ parameters: Parameters) -> String {
        guard let given = parameters.bytes("REQUEST_ID"), given.count == 32, given.allSatisfy(isHexDigit) else {
            return random()
        }
        return formatted(Array(given))
    }

    /// A random UUID (RFC 9562, version 4).
    static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        for word in [generator.next(), generator.next()] as [UInt64] {
            for shift in stride(from: 60, through: 0, by: -4) { text.append(digits[Int(word >> UInt64(shift) & 15)]) }
        }
        text[12] = UInt8(ascii: "4")
        text[16] = digits[8 + Int(digits.firstIndex(of: text[16]) ?? 0) % 4]
        return formatted(text)
    }

    /// In the groups that the cloud's own request ids have.
    private static func formatted(_ digits: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, digit) in digits.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
