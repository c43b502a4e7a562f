// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Invocation

@Suite("Dates of HTTP")
struct HTTPDateTests {
    static let rows: [(text: String, seconds: Int?)] = [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Tue, 29 Feb 2000 23:59:59 GMT", 951_868_799), ("Wed, 29 Feb 2096 00:00:00 GMT", 3_981_312_000),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799), ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
        ("", nil), ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun Nov  6 08:49:37 1994", nil),
        ("Sun, 6 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 94 08:49:37 GMT", nil),
        ("Sun, 06 nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
        ("Sun, 06 Nov 1994 08:49:37 GMT ", nil), ("Sun,  06 Nov 1994 08:49:37 GMT", nil),
        ("Sun, 00 Nov 1994 08:49:37 GMT", nil), ("Sun, 32 Nov 1994 08:49:37 GMT", nil),
        ("Sun, 06 Nov 1994 24:00:00 GMT", nil), ("Sun, 06 Nov 1994 00:60:00 GMT", nil),
        ("Sun, 06 Nov 1994 00:00:61 GMT", nil), ("Sun, +6 Nov 1994 00:00:00 GMT", nil),
        ("Sun, 06 Nov 1969 00:00:00 GMT", nil), ("Sun, 06 Nov 1994 00:00 GMT", nil),
        ("Sun, 06 Nov 1994 0:00:00 GMT", nil), ("Sun, 06 Nov 1994 ::: GMT", nil),
        ("Sun, 06 Nov ١٩٩٤ 08:49:37 GMT", nil),
    ]

    @Test("The one form that servers must send, and no other", arguments: rows)
    func table(text: String, seconds: Int?) {
        #expect(HTTPDate.seconds(text) == seconds)
    }

    @Test("Foundation agrees on every 17th day of a century and a half")
    func foundation() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for day in stride(from: 0, to: 55_000, by: 17) {
            let seconds = day * 86_400 + day % 86_400
            let text = formatter.string(from: Date(timeIntervalSince1970: TimeInterval(seconds)))
            #expect(HTTPDate.seconds(text) == seconds, "\(text)")
        }
    }
}
