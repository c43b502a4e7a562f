// SPDX-License-Identifier: Apache-2.0

/// What a code means, and what a person should do about it.
public struct ErrorMeaning: Sendable, Equatable {
    /// The code.
    public let code: ErrorCode
    /// Whether a request is answered with it: others are notes in the queue and the history.
    public let isAnswer: Bool
    /// What it means: the cloud's own words where the code is the cloud's.
    public let meaning: LocalizedText
    /// What to do about it: one or two sentences for the person who sees the error.
    public let advice: LocalizedText

    init(_ code: ErrorCode, isAnswer: Bool = true, meaning: LocalizedText, advice: LocalizedText) {
        self.code = code
        self.isAnswer = isAnswer
        self.meaning = meaning
        self.advice = advice
    }
}

/// Every error code that a caller of Invoke may meet, or who looks after the queue, in Chinese and English.
///
/// Codes and meanings: the API's page (<https://cloud.tencent.com/document/product/583/17243>), the common codes
/// (<https://cloud.tencent.com/document/product/583/17240>), the lists of the official SDKs, and this project's own,
/// such as `RequestLimitExceeded.InFlight` and `ClientError.*`. The tables are in the files beside this one; a new code
/// is a new entry there.
public enum ErrorCatalogue {
    /// All entries.
    public static let all: [ErrorMeaning] = identity + request + resource + service + delivery

    /// The entry of a code, or else of its family: `RequestLimitExceeded.Other` is explained as `RequestLimitExceeded`.
    ///
    /// - Returns: `nil` where not even the family is known.
    public static func meaning(of code: ErrorCode) -> ErrorMeaning? {
        if let entry = byCode[code] { return entry }
        guard let dot = code.rawValue.lastIndex(of: ".") else { return nil }
        return meaning(of: ErrorCode(rawValue: String(code.rawValue[..<dot])))
    }

    private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
}
