// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// The parameters of a call as names and values, however they came: nested ones are flat, `Filters.0.Values.1`.
///
/// An empty value is an absent one.
struct CatalogueParameters {
    private var values: [String: String] = [:]

    init(_ pairs: some Sequence<(name: String, value: String)>) throws(CloudError) {
        for (name, value) in pairs {
            guard values.updateValue(value, forKey: name) == nil else {
                throw CloudError("InvalidParameterValue", "\(name) is given more than once; give it once.")
            }
        }
    }

    /// Takes a text.
    mutating func take(_ name: String) -> String? {
        guard let value = values.removeValue(forKey: name), !value.isEmpty else { return nil }
        return value
    }

    /// Takes a whole number within a range; what is none has `code`.
    mutating func take(
        _ name: String, within range: ClosedRange<Int>, code: ErrorCode
    ) throws(CloudError) -> Int? {
        guard let text = take(name) else { return nil }
        guard let number = Int(text), String(number) == text, range.contains(number) else {
            let right = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw CloudError(code, "\(name) must be \(right).")
        }
        return number
    }

    /// Takes one of a few words; what is none has `code`.
    mutating func take<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, code: ErrorCode
    ) throws(CloudError) -> Choice? {
        guard let text = take(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw CloudError(code, "\(name) must be \(Choice.allCases.map(\.rawValue).joined(separator: " or ")).")
        }
        return choice
    }

    /// Refuses what nobody took.
    func finish() throws(CloudError) {
        guard let name = values.keys.min() else { return }
        throw CloudError("UnknownParameter", "The parameter `\(name.prefix(64))` is not defined.")
    }
}
