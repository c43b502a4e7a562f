// SPDX-License-Identifier: Apache-2.0

/// Names one value inside a JSON document (RFC 6901), such as `/alerts/0/labels/severity`.
public struct JSONPointer: Sendable, Equatable {
    /// Why a text is no pointer.
    public struct Malformed: Error, Equatable, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    private let tokens: [String]

    /// Reads a pointer. The empty one names the whole document.
    ///
    /// - Throws: ``Malformed``.
    public init(_ text: String) throws(Malformed) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.hasPrefix("/") else { throw Malformed(description: "a JSON pointer begins with '/'") }
        var tokens: [String] = []
        for piece in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let isEscaped = piece.split(separator: "~", omittingEmptySubsequences: false).dropFirst().allSatisfy {
                $0.hasPrefix("0") || $0.hasPrefix("1")
            }
            guard isEscaped else { throw Malformed(description: "'~' is written '~0', and '/' in a name '~1'") }
            tokens.append(String(piece).replacing("~1", with: "/").replacing("~0", with: "~"))
        }
        self.tokens = tokens
    }

    /// The value that the pointer names, as the bytes that it has in the document.
    ///
    /// - Parameter document: JSON text. Where an object has a name twice, the last one counts, as with most readers.
    /// - Returns: `nil` where there is no such value.
    /// - Throws: Where and why the document, as far as it was looked at, is no JSON.
    public func value(in document: ArraySlice<UInt8>) throws(JSONSyntaxError) -> ArraySlice<UInt8>? {
        var value = document.drop { $0.isWhitespace }
        for token in tokens {
            let next =
                switch value.first {
                case .openingBrace: try Self.member(named: token, of: value)
                case .openingBracket: try Self.element(at: token, of: value)
                default: nil as ArraySlice<UInt8>?
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    private static func member(
        named name: String, of object: ArraySlice<UInt8>
    ) throws(JSONSyntaxError) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        var reader = try JSONObjectReader(object, bounds: .init(memberCount: .max, nameBytes: .max))
        while let member = try reader.nextMember() {
            if member.name.utf8.elementsEqual(name.utf8) { found = try reader.readValue() }
        }
        return found
    }

    /// Names of elements are digits without a leading zero; anything else names none.
    private static func element(
        at token: String, of array: ArraySlice<UInt8>
    ) throws(JSONSyntaxError) -> ArraySlice<UInt8>? {
        guard token == "0" || !token.hasPrefix("0"), token.utf8.allSatisfy(\.isDigit), let wanted = Int(token) else {
            return nil
        }
        var reader = JSONArrayReader(array)
        var index = 0
        while let element = try reader.nextElement() {
            if index == wanted { return element }
            index += 1
        }
        return nil
    }
}
