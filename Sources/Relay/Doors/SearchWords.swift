// SPDX-License-Identifier: Apache-2.0

/// What `?q=` searches for: words, all of which have to occur, in any case.
struct SearchWords {
    /// As it was typed.
    let text: String
    private let words: [String]

    init(of call: HTTPCall) {
        let pairs = QueryText.pairs(Array(call.query.utf8)[...], maximumCount: 64) ?? []
        self.init(pairs.first { $0.name == "q" }?.value ?? "")
    }

    init(_ text: String) {
        self.text = text
        words = text.lowercased().split { $0.isWhitespace }.map(String.init)
    }

    /// Whether each word occurs in one of the texts.
    func allOccur(in texts: [String]) -> Bool {
        let all = texts.joined(separator: "\n").lowercased()
        return words.allSatisfy { all.contains($0) }
    }
}
