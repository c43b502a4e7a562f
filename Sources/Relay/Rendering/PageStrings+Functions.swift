// SPDX-License-Identifier: Apache-2.0

/// The words of the view "functions".
extension PageStrings {
    static let functionsEnglish: [String: String] = [
        "functionsHeading": "Functions",
        "functionsNav": "Functions",
        "functionsLead": "What may be called here. Each leads to its form.",
        "functionsSearch": "Search",
        "functionsSubmit": "Search",
        "functionsNone": "No function has all of these words.",
        "functionsUnknown": "not in the cloud",
    ]

    static let functionsChinese: [String: String] = [
        "functionsHeading": "函数",
        "functionsNav": "函数",
        "functionsLead": "这里可以调用的函数，点击即可填写并运行。",
        "functionsSearch": "搜索",
        "functionsSubmit": "搜索",
        "functionsNone": "没有包含这些词语的函数。",
        "functionsUnknown": "云端没有此函数",
    ]
}
