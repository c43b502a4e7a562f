// SPDX-License-Identifier: Apache-2.0

/// The words of the view "errors".
extension PageStrings {
    static let errorsEnglish: [String: String] = [
        "errorsHeading": "Error codes",
        "errorsNav": "Error codes",
        "errorsLead": "What each code means, and what to do about it.",
        "errorsSearch": "Search",
        "errorsSearchHelp": "A code, a part of one, or words of its explanation.",
        "errorsKeys": "/ leads here, ↓ into the list, Esc clears.",
        "errorsSubmit": "Search",
        "errorsFound": "# of # codes",
        "errorsNone": "No code has all of these words. Fewer or shorter ones find more.",
    ]

    static let errorsChinese: [String: String] = [
        "errorsHeading": "错误码",
        "errorsNav": "错误码",
        "errorsLead": "每个错误码的含义，以及该怎么办。",
        "errorsSearch": "搜索",
        "errorsSearchHelp": "错误码、错误码的一部分，或说明中的词语。",
        "errorsKeys": "按 / 跳到此处，按 ↓ 进入列表，按 Esc 清空。",
        "errorsSubmit": "搜索",
        "errorsFound": "找到 # 个，共 # 个",
        "errorsNone": "没有包含这些词语的错误码。请减少词语或缩短后再试。",
    ]
}
