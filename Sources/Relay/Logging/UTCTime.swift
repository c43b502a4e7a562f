// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// A time as RFC 3339 writes it: `2026-08-17T09:30:00Z`.
struct UTCTime {
    /// UNIX seconds until the year 9999; what is before 1970 counts as its beginning.
    let timestamp: Int

    func append(to text: inout [UInt8]) {
        UTCDate(timestamp: timestamp).append(to: &text)
        let seconds = max(timestamp, 0) % 86_400
        for (mark, number) in zip("T::", [seconds / 3600, seconds / 60 % 60, seconds % 60]) {
            text += String(mark).utf8
            text.append(UInt8(ascii: "0") + UInt8(number / 10))
            text.append(UInt8(ascii: "0") + UInt8(number % 10))
        }
        text.append(UInt8(ascii: "Z"))
    }

    var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
