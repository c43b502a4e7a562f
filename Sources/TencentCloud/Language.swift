// SPDX-License-Identifier: Apache-2.0

/// A language that texts for people exist in. The raw values are those of `X-TC-Language`.
public enum Language: String, Sendable, CaseIterable {
    /// Simplified Chinese.
    case zh = "zh-CN"
    /// English.
    case en = "en-US"
}

/// A text in every language there is.
public struct LocalizedText: Sendable, Hashable {
    /// The text in Simplified Chinese.
    public let zh: String
    /// The text in English.
    public let en: String

    /// Creates a text from its two forms.
    public init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The text in one language.
    public subscript(language: Language) -> String {
        switch language {
        case .zh: zh
        case .en: en
        }
    }
}
