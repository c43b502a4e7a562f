// SPDX-License-Identifier: Apache-2.0

/// A JSON text that lies quoted in a JSON string, as a `ClientContext` lies in the body of a call.
///
/// It is checked where it lies: no copy is made of a text that is right and written as usual.
public struct QuotedJSON: Sendable {
    /// The string as it lies, with its quotes and all its escapes.
    public let literal: ArraySlice<UInt8>
    /// The bytes of the text that the string stands for.
    public let byteCount: Int
    /// Why that text is not JSON, with lines and columns of the text itself; `nil` where it is.
    public let syntaxError: JSONSyntaxError?

    /// Reads the string that begins a slice, and checks the text in it.
    ///
    /// - Parameters:
    ///   - document: Begins with the opening quote; what follows the closing quote does not matter.
    ///   - maximumDepth: Levels of arrays and objects that may lie in one another in the text.
    /// - Throws: Where and why the string itself, not the text in it, is wrong.
    public init(
        startOf document: ArraySlice<UInt8>, maximumDepth: Int = JSONValidator.defaultMaximumDepth
    ) throws(JSONSyntaxError) {
        guard document.first == .quote else { throw JSONSyntaxError(.string, at: 0, in: document) }
        try self.init(in: document, at: document.startIndex, maximumDepth: maximumDepth)
    }

    /// Reads the string whose opening quote is at `start`; errors count from the start of the document.
    init(in document: ArraySlice<UInt8>, at start: Int, maximumDepth: Int) throws(JSONSyntaxError) {
        if let (length, surplus) = Self.walk(document[(start + 1)...], maximumDepth: maximumDepth) {
            literal = document[start..<(start + length + 2)]
            byteCount = length - surplus
            syntaxError = nil
            return
        }
        var text: [UInt8] = []
        let end = try JSONString.unquote(document, from: start + 1, into: &text)
        literal = document[start..<end]
        byteCount = text.count
        do throws(JSONSyntaxError) {
            try JSONValidator.validate(text[...], maximumDepth: maximumDepth)
            syntaxError = nil
        } catch {
            syntaxError = error
        }
    }

    /// Walks the quoted text up to the closing quote; `nil` where that needs the slow way.
    static func walk(_ rest: ArraySlice<UInt8>, maximumDepth: Int) -> (length: Int, surplus: Int)? {
        rest.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let lastQuote = bytes.lastIndex(of: .quote),
                lastQuote > 0, bytes[lastQuote - 1] != .backslash
            else { return nil }
            var cursor = QuotedCursor(from: start, to: start + lastQuote + 1)
            guard cursor.skipValue(maximumDepth: maximumDepth) == nil, cursor.isAtEnd() else { return nil }
            return (cursor.position - start, cursor.surplus)
        }
    }
}
