// SPDX-License-Identifier: Apache-2.0

import CallStore
import TencentCloud

/// What the address of a history view asks for: `?function=default/hello&outcome=failed&from=2026-08-17T09:30`.
struct HistoryQuestion {
    /// How the answer is wanted.
    enum Format: String { case html, json, csv }

    private(set) var filter = HistoryFilter()
    /// Where the list goes on; `nil` for its beginning.
    private(set) var after: HistoryPlace?
    private(set) var limit: Int?
    private(set) var format: Format?
    /// The parameters that make up the filter, as they came: for links and for the form.
    private(set) var texts: [(name: String, value: String)] = []

    private static let maximumParameters = 32
    /// Calls of one answer that a program gets.
    static let maximumLimit = 10_000
    /// Fewer digits of an id would lead to anything.
    private static let shortestId = 4
    private static let outcomes = HistoryOutcome.allCases.map(\.rawValue).joined(separator: ", ")
    /// For whoever has written something else.
    private static let aTime = "a day that exists, such as 2026-08-17, with or without a time: 2026-08-17T09:30"

    /// Reads a query.
    ///
    /// - Throws: `InvalidParameterValue` for a value that means nothing.
    init(_ call: HTTPCall) throws(CloudError) {
        guard let pairs = QueryText.pairs(Array(call.query.utf8)[...], maximumCount: Self.maximumParameters) else {
            throw CloudError("InvalidParameter", "There are more than \(Self.maximumParameters) parameters.")
        }
        let times = PageTime(for: call)
        for (name, value) in pairs where !value.isEmpty {
            guard !value.unicodeScalars.contains(where: \.isControl) else {
                throw CloudError("InvalidParameterValue", "The value of a parameter has a control character in it.")
            }
            if try take(name, value, times) { texts.append((name, value)) }
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
        case "door": filter.door = value
        case "code": filter.code = value
        case "outcome":
            filter.outcome = try known(HistoryOutcome(rawValue: value), name, Self.outcomes)
        case "from": filter.from = try known(times.milliseconds(value), name, Self.aTime)
        case "to": filter.to = try known(times.milliseconds(value), name, Self.aTime)
        case "id":
            let id = value.trimmingPrefix { $0 == " " }.lowercased()
            filter.idPrefix = try known(id.utf8.count < Self.shortestId ? nil : id, name, "at least four characters")
        case "after":
            after = try known(HistoryPlace(text: value), name, "what an earlier answer has given")
            return false
        case "limit":
            let number = Int(value).flatMap { (1...Self.maximumLimit).contains($0) ? $0 : nil }
            limit = try known(number, name, "1 to 10000")
            return false
        case "format":
            format = try known(Format(rawValue: value), name, "html, json or csv")
            return false
        default: return false
        }
        return true
    }

    private func known<Value>(_ value: Value?, _ name: String, _ right: String) throws(CloudError) -> Value {
        if let value { return value }
        throw CloudError(
            "InvalidParameterValue",
            LocalizedText(
                zh: "参数 \(name) 的值无效，应为：\(right)。",
                en: "The value of \(name) is not right; it must be: \(right)."))
    }

    /// The value of a parameter of the filter; empty where it is absent.
    func text(_ name: String) -> String { texts.first { $0.name == name }?.value ?? "" }

    /// The same question as a query, with other parameters added.
    func query(_ more: [(name: String, value: String)] = []) -> String { QueryText.encoded(texts + more) }
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
    static func encoded(_ pairs: [(name: String, value: String)]) -> String {
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
