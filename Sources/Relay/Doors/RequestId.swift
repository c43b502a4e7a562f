// SPDX-License-Identifier: Apache-2.0

import FastCGI

/// The id of one call: in its answer, in the log, and, where nginx made it, in nginx's log too.
enum RequestId {
    /// nginx's `$request_id` (32 hexadecimal digits) where it passes it on as `REQUEST_ID`, else a new random one.
    static func of(_ parameters: Parameters) -> String {
        guard let given = parameters.bytes("REQUEST_ID"), given.count == 32, given.allSatisfy(isHexDigit) else {
            return random()
        }
        return formatted(given)
    }

    /// The id by which a page wants to find its call again before there is an answer: a UUID in small letters, which only
    /// the page that made it knows.
    static func chosen(by call: HTTPCall) -> String? {
        guard let given = call.request.parameters["HTTP_X_CALL_ID"], given.utf8.count == 36 else { return nil }
        let isUUID = given.utf8.enumerated().allSatisfy { index, byte in
            [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : isHexDigit(byte)
        }
        return isUUID ? given : nil
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
        return formatted(text[...])
    }

    /// In the groups that the cloud's own request ids have.
    private static func formatted(_ digits: ArraySlice<UInt8>) -> String {
        precondition(digits.count == 32, "an id has 32 digits")
        return String(unsafeUninitializedCapacity: 36) { text in
            var length = 0
            for (index, digit) in digits.enumerated() {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    text[length] = UInt8(ascii: "-")
                    length += 1
                }
                text[length] = digit
                length += 1
            }
            return length
        }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
