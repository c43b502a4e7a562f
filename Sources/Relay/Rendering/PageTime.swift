// SPDX-License-Identifier: Apache-2.0

/// Times as a page shows them: in the reader's offset from UTC, which the page's script notes in the cookie `zone`, in
/// minutes; else in UTC. By arithmetic alone: no locale, no table of zones.
struct PageTime {
    /// Minutes ahead of UTC.
    let offset: Int

    /// Offsets that there are.
    private static let offsets = -14 * 60...14 * 60

    /// The reader's times.
    init(for call: HTTPCall) {
        let cookies = call.header("Cookie")?.split(separator: ";") ?? []
        let zone = cookies.lazy.compactMap { cookie -> Int? in
            let pair = cookie.drop { $0 == " " }
            return pair.hasPrefix("zone=") ? Int(pair.dropFirst(5)) : nil
        }.first
        offset = zone.flatMap { Self.offsets.contains($0) ? $0 : nil } ?? 0
    }

    init(offset: Int = 0) {
        self.offset = offset
    }

    /// `UTC`, `UTC+08:00`.
    var zoneName: String {
        guard offset != 0 else { return "UTC" }
        let minutes = abs(offset)
        return "UTC\(offset < 0 ? "-" : "+")\(Self.two(minutes / 60)):\(Self.two(minutes % 60))"
    }

    /// `2026-08-17 09:30:00`.
    func text(_ milliseconds: Int) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date) \(time)"
    }

    /// `08-17 09:30`, for an axis.
    func short(_ milliseconds: Int) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date.dropFirst(5)) \(time.prefix(5))"
    }

    /// `2026-08-17T09:30`, for a field of a form.
    func field(_ milliseconds: Int) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date)T\(time.prefix(5))"
    }

    /// `2026-08-17T09:30:00.123Z`, for programs: always UTC.
    static func iso(_ milliseconds: Int) -> String {
        let (date, time) = PageTime().parts(milliseconds)
        let fraction = String(milliseconds % 1000 + 1000).dropFirst()
        return "\(date)T\(time).\(fraction)Z"
    }

    private func parts(_ milliseconds: Int) -> (date: String, time: String) {
        let seconds = max(0, milliseconds / 1000 + offset * 60)
        let (year, month, day) = Self.civil(day: seconds / 86_400)
        let ofDay = seconds % 86_400
        return (
            "\(year)-\(Self.two(month))-\(Self.two(day))",
            "\(Self.two(ofDay / 3600)):\(Self.two(ofDay / 60 % 60)):\(Self.two(ofDay % 60))"
        )
    }

    /// Reads what ``field(_:)`` or ``iso(_:)`` writes, or a date alone. A `Z` at the end means UTC, nothing the reader's
    /// time.
    ///
    /// - Returns: UNIX milliseconds; `nil` for anything else, and for a day that there is not.
    func milliseconds(_ text: String) -> Int? {
        let isUTC = text.hasSuffix("Z")
        let body = isUTC ? text.dropLast() : text[...]
        let pieces = body.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = pieces.first.flatMap({ Self.numbers($0, separator: "-", count: 3...3) }),
            (1970...9999).contains(date[0]), (1...12).contains(date[1]),
            (1...Self.days(inMonth: date[1], of: date[0])).contains(date[2])
        else { return nil }
        var time = [0, 0, 0]
        if pieces.count == 2 {
            let whole = pieces[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let read = whole.first.flatMap({ Self.numbers($0, separator: ":", count: 2...3) }), read[0] < 24,
                read.dropFirst().allSatisfy({ $0 < 60 })
            else { return nil }
            time = read + (read.count == 2 ? [0] : [])
        }
        let seconds = Self.day(year: date[0], month: date[1], day: date[2]) * 86_400 + time[0] * 3600 + time[1] * 60
        return (seconds + time[2] - (isUTC ? 0 : offset * 60)) * 1000
    }

    private static func numbers(_ text: Substring, separator: Character, count: ClosedRange<Int>) -> [Int]? {
        let pieces = text.split(separator: separator, omittingEmptySubsequences: false)
        let numbers = pieces.compactMap { $0.allSatisfy(\.isASCII) && $0.first?.isNumber == true ? Int($0) : nil }
        return numbers.count == pieces.count && count.contains(numbers.count) ? numbers : nil
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

// MARK: - The calendar, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"

extension PageTime {
    private static func civil(day: Int) -> (year: Int, month: Int, day: Int) {
        let sinceYearZero = day + 719_468
        let era = sinceYearZero / 146_097
        let dayOfEra = sinceYearZero % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        let (next, nextYear) = month == 12 ? (1, year + 1) : (month + 1, year)
        return day(year: nextYear, month: next, day: 1) - day(year: year, month: month, day: 1)
    }

    private static func day(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (year / 400, year % 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
