// SPDX-License-Identifier: Apache-2.0

/// Looks through the events of a text, one after the other, and follows no alias: it takes as long as the text is.
struct YAMLScan {
    /// Values of a document, where each alias counts as much as what it stands for.
    static let maximumNodes = 100_000

    /// A mapping or a list that has begun.
    private struct Level {
        let anchor: String?
        /// How many values there were before it.
        let nodesBefore: Int
        /// Where each key stands; `nil` for a list.
        var keys: [String: Int]?
        /// Whether a key comes next, and not what belongs to it.
        var isAtKey: Bool
    }

    private var levels: [Level] = []
    private var documents = 0
    private var nodes = 0
    /// How many values each anchor stands for.
    private var nodesOfAnchor: [String: Int] = [:]

    /// - Throws: ``YAMLProblem``. What is no YAML at all is left to the composer, which stops at the same place.
    static func check(_ text: String) throws(YAMLProblem) {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { (bytes) throws(YAMLProblem) in
            var scan = YAMLScan()
            let events = YAMLEvents(bytes)
            while let event = events.next() { try scan.take(event) }
        }
    }

    private mutating func take(_ event: YAMLEvents.Event) throws(YAMLProblem) {
        switch event.kind {
        case .document:
            documents += 1
            guard documents == 1 else { throw YAMLProblem("holds a second document", line: event.line) }
        case .scalar(let text, let anchor):
            try count(1, at: event)
            if let anchor { nodesOfAnchor[anchor] = 1 }
            if levels.last?.isAtKey == true { try takeKey(text, at: event) }
            endNode()
        case .alias(let anchor):
            try checkThatNoKeyIsDue(event)
            // One that is not known is the composer's to report.
            try count(nodesOfAnchor[anchor] ?? 1, at: event)
            endNode()
        case .mappingStart(let anchor): try begin(anchor, keys: [:], at: event)
        case .sequenceStart(let anchor): try begin(anchor, keys: nil, at: event)
        case .end:
            guard let level = levels.popLast() else { return }
            if let anchor = level.anchor { nodesOfAnchor[anchor] = nodes - level.nodesBefore }
            endNode()
        }
    }

    private mutating func begin(
        _ anchor: String?, keys: [String: Int]?, at event: YAMLEvents.Event
    ) throws(YAMLProblem) {
        try checkThatNoKeyIsDue(event)
        levels.append(Level(anchor: anchor, nodesBefore: nodes, keys: keys, isAtKey: keys != nil))
        try count(1, at: event)
    }

    private func checkThatNoKeyIsDue(_ event: YAMLEvents.Event) throws(YAMLProblem) {
        guard levels.last?.isAtKey == true else { return }
        throw YAMLProblem("a key must be a plain word", line: event.line, column: event.column)
    }

    private mutating func takeKey(_ key: String, at event: YAMLEvents.Event) throws(YAMLProblem) {
        if let first = levels[levels.count - 1].keys?.updateValue(event.line, forKey: key) {
            throw YAMLProblem("'\(key)' is given twice, first on line \(first)", line: event.line, column: event.column)
        }
    }

    private mutating func count(_ more: Int, at event: YAMLEvents.Event) throws(YAMLProblem) {
        nodes += more
        guard nodes <= Self.maximumNodes else {
            throw YAMLProblem(
                "holds more than \(Self.maximumNodes) values, each alias counted as what it stands for",
                line: event.line, column: event.column)
        }
    }

    /// A key or what belongs to it is complete.
    private mutating func endNode() {
        guard let last = levels.indices.last, levels[last].keys != nil else { return }
        levels[last].isAtKey.toggle()
    }
}
