// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

/// `GET /errors`: every error code with meaning and advice; `?q=` searches.
struct ErrorCodesDoor: Door {
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        let content = ErrorCodes.context(searching: SearchWords(of: call), PageLanguage.of(call))
        return page.response(.errors, to: call, showing: content)
    }
}

/// What the view "errors" shows.
enum ErrorCodes {
    /// The catalogue by code, with those marked that hold every word that is searched for. `public/js/views/errors.js`
    /// searches in the same way.
    static func context(searching words: SearchWords, _ language: Language) -> [String: any Sendable] {
        var found = 0
        let entries = sorted.map { entry in
            let status = entry.isAnswer ? String(CloudError(entry.code, "").httpStatus) : nil
            let isFound = words.allOccur(
                in: [
                    entry.code.rawValue, status.map { "HTTP \($0)" } ?? "", entry.meaning[language],
                    entry.advice[language],
                ])
            if isFound { found += 1 }
            var context: [String: any Sendable] = [
                "Code": entry.code.rawValue, "meaning": entry.meaning[language], "advice": entry.advice[language],
                "isFound": isFound,
            ]
            if let status { context["httpStatus"] = status }
            return context
        }
        let sentence = PageStrings.table(language)["errorsFound"] ?? ""
        return [
            "q": words.text, "entries": entries, "isEmpty": found == 0,
            "found": sentence.replacingHashes(with: [found, entries.count]),
        ]
    }

    private static let sorted = ErrorCatalogue.all.sorted { $0.code.rawValue < $1.code.rawValue }
}

extension String {
    /// Puts numbers in the places of `#`.
    fileprivate func replacingHashes(with numbers: [Int]) -> String {
        let pieces = split(separator: "#", omittingEmptySubsequences: false)
        let texts = numbers.map(String.init) + [""]
        return zip(pieces, texts).map { $0 + $1 }.joined()
    }
}
