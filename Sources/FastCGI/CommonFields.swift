// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// Header fields that many answers share, encoded once instead of in each of them.
public struct CommonFields: Sendable {
    /// The fields.
    public let fields: HTTPFields
    /// As they stand in a response head, each behind its line break.
    let encoded: [UInt8]

    /// Encodes fields. `Content-Length` is left out, as in any answer.
    public init(_ fields: HTTPFields) {
        self.fields = fields
        var encoded: [UInt8] = []
        for field in fields { Self.append(field, to: &encoded) }
        self.encoded = encoded
    }

    /// Appends a field of an answer's head.
    static func append(_ field: HTTPField, to head: inout [UInt8]) {
        // Ours is the one that is true, and nginx refuses an answer with two.
        guard field.name != .contentLength else { return }
        head.append(text: "\r\n")
        head.append(text: field.name.rawName)
        head.append(text: ": ")
        head.append(text: field.value)
    }
}

extension [UInt8] {
    /// Appends a text as memory, which costs half of what appending its `UTF8View` does.
    mutating func append(text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }
}
