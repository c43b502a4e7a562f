// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite struct RetryAfterTests {
    /// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
    static let example = 784_111_777

    @Test(arguments: [
        ("0", 0), ("120", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 97), ("Sun, 06 Nov 1994 08:40:00 GMT", 0),
        ("", nil), ("-1", nil), ("+1", nil), ("1.5", nil), ("soon", nil), ("99999999999999999999", nil),
    ])
    func secondsAndDatesAreBothTaken(text: String, seconds: Int?) {
        #expect(RetryAfter.seconds(text, now: Self.example - 97) == seconds)
    }
}
