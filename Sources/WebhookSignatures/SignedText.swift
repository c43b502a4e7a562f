// SPDX-License-Identifier: Apache-2.0

/// How the text that is signed is put together, such as `{timestamp}.{body}`.
public struct SignedText: Sendable, Equatable {
    /// Why a pattern is none.
    public struct Malformed: Error, Equatable, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    /// Something that stands in the text.
    enum Part: Sendable, Equatable {
        case literal(String)
        case id
        case timestamp
        case body
    }

    let parts: [Part]

    /// The body alone.
    public static let body = SignedText([.body])

    init(_ parts: [Part]) {
        self.parts = parts
    }

    /// Reads a pattern: text with `{body}`, and where wanted `{timestamp}` and `{id}`, each once.
    ///
    /// - Throws: ``Malformed``.
    public init(pattern: String) throws(Malformed) {
        var parts: [Part] = []
        var rest = pattern[...]
        while let first = rest.first {
            guard first == "{" else {
                let literal = rest.prefix { $0 != "{" }
                guard !literal.contains("}") else { throw Malformed(description: "'}' without '{'") }
                parts.append(.literal(String(literal)))
                rest = rest[literal.endIndex...]
                continue
            }
            guard let end = rest.firstIndex(of: "}") else { throw Malformed(description: "'{' without '}'") }
            parts.append(try Self.part(named: rest[rest.index(after: rest.startIndex)..<end]))
            rest = rest[rest.index(after: end)...]
        }
        for part in [Part.id, .timestamp, .body] where parts.count(where: { $0 == part }) > 1 {
            throw Malformed(description: "{\(part)} is there more than once")
        }
        guard parts.contains(.body) else { throw Malformed(description: "{body} is missing: the body must be signed") }
        self.parts = parts
    }

    private static func part(named name: Substring) throws(Malformed) -> Part {
        switch name {
        case "id": return .id
        case "timestamp": return .timestamp
        case "body": return .body
        default: throw Malformed(description: "{\(name)} is not known; known are {id}, {timestamp}, {body}")
        }
    }

    /// Whether the signed text holds this, without which a header field of that kind could be exchanged by anybody.
    public var hasTimestamp: Bool { parts.contains(.timestamp) }
    /// Whether the message's id is signed.
    public var hasId: Bool { parts.contains(.id) }

    /// The text for a message.
    func filled(id: String, timestamp: String, body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        if self == .body { return body }
        var text: [UInt8] = []
        text.reserveCapacity(body.count + 128)
        for part in parts {
            switch part {
            case .literal(let literal): text += literal.utf8
            case .id: text += id.utf8
            case .timestamp: text += timestamp.utf8
            case .body: text += body
            }
        }
        return text[...]
    }
}
