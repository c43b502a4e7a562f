// SPDX-License-Identifier: Apache-2.0

import Invocation

/// The field `Retry-After` of an answer: seconds, or a date (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// How long to wait.
    ///
    /// - Parameters:
    ///   - text: The field's value.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: Seconds; 0 for a date that is over, `nil` for what is neither.
    static func seconds(_ text: String, now: Int) -> Int? {
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if isNumber { return Int(text) }
        return HTTPDate.seconds(text).map { max(0, $0 - now) }
    }
}
