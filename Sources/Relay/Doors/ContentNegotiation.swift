// SPDX-License-Identifier: Apache-2.0

/// The two forms that an answer can have.
enum AnswerFormat: Sendable, Equatable {
    case html, json
}

/// Chooses between HTML and JSON by `Accept` (RFC 9110, section 12.5.1).
enum ContentNegotiation {
    /// Longer headers are no honest browser's; the rest of them is not looked at.
    private static let maximumRanges = 32

    /// The form that `accept` likes better, or names more exactly; `fallback` where both are equally welcome, or
    /// neither is.
    static func format(accept: String?, fallback: AnswerFormat) -> AnswerFormat {
        guard let accept, !accept.isEmpty, accept != "*/*" else { return fallback }
        let ranges = ranges(in: accept)
        let html = welcome(of: ("text", "html"), in: ranges)
        let json = welcome(of: ("application", "json"), in: ranges)
        if html == json { return fallback }
        return html > json ? .html : .json
    }

    /// How welcome each of these types is, from 0 to 1.
    static func weights(of types: [(type: String, subtype: String)], accept: String) -> [Double] {
        let ranges = ranges(in: accept)
        return types.map { welcome(of: $0, in: ranges).quality }
    }

    private static func ranges(in accept: String) -> [MediaRange] {
        accept.utf8.prefix(4096).split(separator: UInt8(ascii: ","), maxSplits: maximumRanges)
            .map { MediaRange(String(decoding: $0, as: UTF8.self)) }
    }

    private struct MediaRange {
        let type: Substring
        let subtype: Substring
        let quality: Double

        init(_ text: String) {
            let parts = text.split(separator: ";").map { $0.trimmingSpaces().lowercased() }
            let names = (parts.first ?? "").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            type = names.first ?? ""
            subtype = names.count > 1 ? names[1] : ""
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) }
            quality = weight.map { $0.isFinite ? min(max($0, 0), 1) : 0 } ?? 1
        }

        /// How exactly the range names the type; `nil` where it does not cover it.
        func precision(for wanted: (type: String, subtype: String)) -> Int? {
            if type == wanted.type, subtype == wanted.subtype { return 2 }
            if type == wanted.type, subtype == "*" { return 1 }
            return type == "*" && subtype == "*" ? 0 : nil
        }
    }

    /// The quality that the most exact range gives, and how exact that is.
    private static func welcome(
        of wanted: (String, String), in ranges: [MediaRange]
    ) -> (quality: Double, precision: Int) {
        var best = (quality: 0.0, precision: -1)
        for range in ranges {
            guard let precision = range.precision(for: wanted), precision > best.precision else { continue }
            best = (range.quality, precision)
        }
        return best.quality > 0 ? best : (0, 0)
    }
}

extension StringProtocol {
    fileprivate func trimmingSpaces() -> Substring {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" { text = text.dropFirst() }
        while let last = text.last, last == " " || last == "\t" { text = text.dropLast() }
        return text
    }
}
