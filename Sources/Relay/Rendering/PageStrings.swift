// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// The words of the templates, by key: one table a language, with the same keys (a test compares them).
///
/// The words of a view stand in a file of their own, `PageStrings+VIEW.swift`, under keys that begin with its name.
enum PageStrings {
    /// The table of a language.
    static func table(_ language: Language) -> [String: String] {
        switch language {
        case .zh: chinese
        case .en: english
        }
    }

    private static let english = joined([
        layoutEnglish, runEnglish, functionsEnglish, errorsEnglish, signatureEnglish, historyEnglish, statisticsEnglish,
        deliveriesEnglish,
    ])
    private static let chinese = joined([
        layoutChinese, runChinese, functionsChinese, errorsChinese, signatureChinese, historyChinese, statisticsChinese,
        deliveriesChinese,
    ])

    private static func joined(_ tables: [[String: String]]) -> [String: String] {
        tables.reduce(into: [:]) { all, table in
            all.merge(table) { _, _ in preconditionFailure("two tables have the same key") }
        }
    }

    private static let layoutEnglish: [String: String] = [
        "lang": "en",
        "otherLang": "zh",
        "otherName": "中文",
        "skip": "Skip to the content",
        "navigation": "Views",
        "footer": "scf-relay signs the call. No secret key reaches this page.",
    ]

    private static let layoutChinese: [String: String] = [
        "lang": "zh",
        "otherLang": "en",
        "otherName": "English",
        "skip": "跳到正文",
        "navigation": "视图",
        "footer": "请求由 scf-relay 签名，密钥不会到达本页面。",
    ]
}
