// SPDX-License-Identifier: Apache-2.0

import CallStore
import TencentCloud

/// What the address of a history view asks for: `?function=default/hello&outcome=failed&from=2026-08-17T09:30`.
struct HistoryQuestion {
    /// The views that are asked for calls.
    enum View {
        case list, statistics
        /// One call; its id is in the path.
        case call
    }

    /// How the answer is wanted.
    enum Format: String { case html, json, csv }

    private(set) var filter = HistoryFilter()
    /// Where the list goes on; `nil` for its beginning.
    private(set) var after: HistoryPlace?
    private(set) var limit: Int?
    private(set) var format: Format?
    /// The stretch of time of the statistics; `nil` where the address does not say.
    private(set) var span: StatisticsSpan?
    /// The parameters that make up the filter, as they came: for links and for the form.
    private(set) var texts: [(name: String, value: String)] = []

    /// Fewer digits of an id would lead to anything.
    private static let shortestId = 4
    private static let outcomes = HistoryOutcome.allCases.map(\.rawValue).joined(separator: ", ")
    private static let doors = HistoryWords.doors.joined(separator: ", ")
    private static let spans = StatisticsSpan.allCases.map(\.rawValue).joined(separator: ", ")
    /// For whoever has written something else.
    private static let aTime =
        "a day that exists, such as 2026-08-17, with or without a time: 2026-08-17T09:30 in the reader's time, "
        + "2026-08-17T09:30:00Z in UTC (no other offset is taken)"

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - view: What it asks.
    /// - Throws: `InvalidParameterValue` for a value that means nothing, and what ``ViewQuery`` throws.
    init(_ call: HTTPCall, _ view: View) throws(CloudError) {
        let query = try ViewQuery(call, view.parameters)
        let times = PageTime(for: call)
        for (name, value) in query.pairs {
            if try take(name, value, times) { texts.append((name, value)) }
        }
        after = try query.value("after", "what an earlier answer has given") { HistoryPlace(text: $0) }
        limit = try query.limit()
        span = try query.value("span", Self.spans) { StatisticsSpan(rawValue: $0) }
        let formats = view.formats
        format = try query.value("format", formats.map(\.rawValue).joined(separator: ", ")) { text in
            formats.first { $0.rawValue == text }
        }
        if format == nil, call.accept?.lowercased().hasPrefix("text/csv") == true { format = .csv }
    }

    /// - Returns: Whether it belongs to the filter.
    private mutating func take(_ name: String, _ value: String, _ times: PageTime) throws(CloudError) -> Bool {
        switch name {
        case "function":
            let parts = value.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            filter.functionName = parts.last
            if parts.count == 2 { filter.namespace = parts[0] }
        case "caller": filter.caller = value
        case "door": filter.door = try known(HistoryWords.doors.first { $0 == value }, name, Self.doors)
        case "code": filter.code = value
        case "outcome":
            filter.outcome = try known(HistoryOutcome(rawValue: value), name, Self.outcomes)
        case "from": filter.from = try known(times.milliseconds(value), name, Self.aTime)
        case "to": filter.to = try known(times.milliseconds(value), name, Self.aTime)
        case "id":
            let id = value.trimmingPrefix { $0 == " " }.lowercased()
            filter.idPrefix = try known(id.utf8.count < Self.shortestId ? nil : id, name, "at least four characters")
        default: return false
        }
        return true
    }

    private func known<Value>(_ value: Value?, _ name: String, _ right: String) throws(CloudError) -> Value {
        if let value { return value }
        throw .wrongValue(of: name, right)
    }

    /// The value of a parameter of the filter; empty where it is absent.
    func text(_ name: String) -> String { texts.first { $0.name == name }?.value ?? "" }

    /// The same question as a query, with other parameters added.
    func query(_ more: [(name: String, value: String)] = []) -> String { QueryText.encoded(texts + more) }
}

extension HistoryQuestion.View {
    private static let filter = ["function", "caller", "door", "outcome", "code", "from", "to", "id"]

    /// The parameters that it has. Statistics have those of the list's filter, as each leads to the other.
    fileprivate var parameters: [String] {
        switch self {
        case .list: Self.filter + ["limit", "after", "format"]
        case .statistics: Self.filter + ["span", "format"]
        case .call: ["format"]
        }
    }

    fileprivate var formats: [HistoryQuestion.Format] {
        self == .list ? [.html, .json, .csv] : [.html, .json]
    }
}

extension HistoryPlace {
    /// A place as an address holds it.
    var text: String { "\(beganAt)-\(number)" }

    /// Reads what ``text`` gives.
    init?(text: String) {
        let parts = text.split(separator: "-").map(String.init)
        guard parts.count == 2, let beganAt = Int(parts[0]), let number = Int64(parts[1]) else { return nil }
        self.init(beganAt: beganAt, number: number)
    }
}

extension QueryText {
    /// Names and values as a query. What is not a letter, a digit or one of `-._~` is encoded (RFC 3986, section 2.3).
    package static func encoded(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { "\(encoded($0.name))=\(encoded($0.value))" }.joined(separator: "&")
    }

    /// One name or value.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
