// SPDX-License-Identifier: Apache-2.0

/// Sizes and times as nginx writes them.
public enum Value {
    /// Bytes: `16k`, `4m`, `1g`, `8192`; `nil` for anything else, a variable for example.
    public static func bytes(_ text: String) -> Int? {
        let units: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        guard let last = text.lowercased().last else { return nil }
        guard let unit = units[last] else { return number(text[...]) }
        return number(text.dropLast()).flatMap { value in
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: unit)
            return isTooLarge ? nil : product
        }
    }

    /// Seconds: `330s`, `5m`, `1m30s`, `500ms`, `60`. What is shorter than a second counts as none.
    public static func seconds(_ text: String) -> Int? {
        let units = ["ms": 0, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_592_000, "y": 31_536_000]
        var rest = text[...]
        var sum = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let value = number(digits), value < 1 << 32 else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            guard let unit = name.isEmpty ? 1 : units[String(name)] else { return nil }
            sum += value * unit
            rest = rest.dropFirst(name.count).drop { $0 == " " }
        }
        return sum
    }

    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        return Int(digits)
    }
}
