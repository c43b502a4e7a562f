// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A time as the cloud writes it in its lists: `2018-06-07 09:52:24`, eight hours ahead of UTC.
public struct CatalogueTime: Sendable, Equatable, Comparable, Encodable, CustomStringConvertible {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let unixSeconds: Int

    /// Wraps a time.
    public init(unixSeconds: Int) {
        self.unixSeconds = unixSeconds
    }

    /// The text.
    public var description: String {
        var time = unixSeconds + 8 * 3600
        var parts = tm()
        gmtime_r(&time, &parts)
        func digits(_ number: Int32) -> String { number < 10 ? "0\(number)" : String(number) }
        let date = "\(parts.tm_year + 1900)-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))"
        return "\(date) \(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))"
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(description)
    }

    /// The earlier one is the smaller one.
    public static func < (left: CatalogueTime, right: CatalogueTime) -> Bool {
        left.unixSeconds < right.unixSeconds
    }
}
