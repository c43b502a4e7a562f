// SPDX-License-Identifier: Apache-2.0

extension Language {
    /// The longest Accept-Language value that is looked at, in bytes. Browsers send under 100.
    static let maximumAcceptLanguageBytes = 1_024
    /// How many of its ranges are looked at.
    static let maximumAcceptLanguageRanges = 32

    /// The language that an Accept-Language header prefers (RFC 9110, section 12.5.4).
    ///
    /// Any Chinese is answered with Simplified Chinese, any English with English. Of equal weights the first named wins;
    /// `*` stands for what is not named.
    ///
    /// - Parameters:
    ///   - header: The header's value; `nil` where there is none.
    ///   - fallback: The answer where the header is absent, too long, or names neither language.
    /// - Returns: A language, never one that the header excludes with `q=0` while the other is acceptable.
    public static func preferred(byAcceptLanguage header: String?, fallback: Language) -> Language {
        guard let header, header.utf8.count <= maximumAcceptLanguageBytes else { return fallback }
        var named: [Language: (weight: Int, position: Int)] = [:]
        var wildcard: Int?
        for (position, element) in header.split(separator: ",").prefix(maximumAcceptLanguageRanges).enumerated() {
            guard let range = LanguageRange(element) else { continue }
            if range.primary == "*" {
                wildcard = max(wildcard ?? 0, range.weight)
            } else if let language = Language(primarySubtag: range.primary),
                range.weight > named[language]?.weight ?? -1
            {
                named[language] = (range.weight, position)
            }
        }
        let acceptable = allCases.compactMap { language -> (language: Language, weight: Int, position: Int)? in
            // Behind every name, the fallback first.
            let unnamed = (weight: wildcard ?? 0, position: language == fallback ? Int.max - 1 : Int.max)
            let rank = named[language] ?? unnamed
            return rank.weight > 0 ? (language, rank.weight, rank.position) : nil
        }
        // The higher weight first, then the earlier name.
        return acceptable.min { ($1.weight, $0.position) < ($0.weight, $1.position) }?.language ?? fallback
    }

    private init?(primarySubtag: String) {
        switch primarySubtag {
        case "zh": self = .zh
        case "en": self = .en
        default: return nil
        }
    }
}

/// One element of Accept-Language: `zh-Hans-CN;q=0.8`.
private struct LanguageRange {
    /// The first subtag in lower case, or `*`.
    let primary: String
    /// The weight in thousandths, 0 to 1000.
    let weight: Int

    /// Takes an element apart; `nil` where it is malformed.
    init?(_ element: Substring) {
        let parts = element.split(separator: ";", omittingEmptySubsequences: false)
            .map { HeaderText.lowercased(HeaderText.trimmed(String($0))) }
        guard let tag = parts.first, let primary = tag.split(separator: "-").first, parts.count <= 2 else { return nil }
        self.primary = String(primary)
        guard parts.count == 2 else {
            weight = 1_000
            return
        }
        guard parts[1].hasPrefix("q="), let weight = Self.thousandths(parts[1].dropFirst(2)) else { return nil }
        self.weight = weight
    }

    /// A weight by the grammar of RFC 9110: `0` or `1`, a point, up to three digits, at most 1.
    private static func thousandths(_ text: Substring) -> Int? {
        guard let first = text.first, first == "0" || first == "1" else { return nil }
        let rest = text.dropFirst()
        guard rest.isEmpty || rest.first == ".", rest.dropFirst().utf8.count <= 3 else { return nil }
        let digits = rest.dropFirst()
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        let weight = (first == "1" ? 1_000 : 0) + fraction
        return weight <= 1_000 ? weight : nil
    }
}
