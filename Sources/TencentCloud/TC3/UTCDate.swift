// SPDX-License-Identifier: Apache-2.0

/// A day of the UTC calendar, by arithmetic alone: no time zone, no locale, no formatter.
package struct UTCDate: Equatable {
    /// Whole days since 1970-01-01.
    let day: Int

    /// The day on which a UNIX time falls.
    ///
    /// - Parameter timestamp: UNIX seconds until the year 9999. What is before 1970 counts as its first day: a clock
    ///   that is so wrong gets an expired signature, not a crash.
    package init(timestamp: Int) {
        day = max(timestamp, 0) / 86_400
    }

    /// Appends the day as `YYYY-MM-DD`.
    package func append(to text: inout [UInt8]) {
        let (year, month, day) = civil
        append(year, digits: 4, to: &text)
        text.append(UInt8(ascii: "-"))
        append(month, digits: 2, to: &text)
        text.append(UInt8(ascii: "-"))
        append(day, digits: 2, to: &text)
    }

    /// Year, month and day, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
    ///
    /// Years begin in March there, so that the leap day comes last; eras are 400 years, after which leap years repeat.
    private var civil: (year: Int, month: Int, day: Int) {
        let sinceYearZero = day + 719_468
        let era = sinceYearZero / 146_097
        let dayOfEra = sinceYearZero % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    private func append(_ number: Int, digits: Int, to text: inout [UInt8]) {
        var divisor = digits == 4 ? 1_000 : 10
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
