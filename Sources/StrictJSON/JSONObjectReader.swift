// SPDX-License-Identifier: Apache-2.0

/// Reads the members of one object in the order in which they come, and checks all it passes.
///
/// Each member's value is read by one of the `read…` calls, or skipped (and checked) by asking for the next member.
/// When ``nextMember()`` has answered `nil`, the whole document has been walked once and is strict JSON.
///
/// ```swift
/// var reader = try JSONObjectReader(body)
/// while let member = try reader.nextMember() {
///     if member.name == "Message" { message = try reader.readString() }
/// }
/// ```
public struct JSONObjectReader {
    /// What bounds the object, beyond the size of the document.
    public struct Bounds: Sendable {
        /// Members that the object may have.
        public var memberCount: Int
        /// Bytes that a member's name may have, as it lies in the document.
        public var nameBytes: Int
        /// Levels of arrays and objects that may lie in one another in a value.
        public var depth: Int

        /// Creates bounds.
        public init(
            memberCount: Int = 128, nameBytes: Int = 256, depth: Int = JSONValidator.defaultMaximumDepth
        ) {
            self.memberCount = memberCount
            self.nameBytes = nameBytes
            self.depth = depth
        }
    }

    /// The kinds of value that JSON has, as the first byte tells them.
    public enum Kind: Sendable {
        /// Text in double quotes.
        case string
        /// A number.
        case number
        /// `{…}`.
        case object
        /// `[…]`.
        case array
        /// `true` or `false`.
        case boolean
        /// `null`.
        case null
    }

    /// A member whose name has been read, and whose value comes next.
    public struct Member: Sendable {
        /// The name, unescaped.
        public let name: String
        /// What kind of value follows.
        public let kind: Kind
    }

    private let document: ArraySlice<UInt8>
    private let bounds: Bounds
    private let isWholeDocument: Bool
    /// Index of the next byte to read.
    private var index: Int
    private var membersRead = 0
    private var valueIsNext = false
    private var isClosed = false

    /// Begins to read a document that is an object.
    ///
    /// - Parameters:
    ///   - document: The whole text.
    ///   - bounds: What the object may hold at most.
    /// - Throws: Where and why the document does not begin with an object.
    public init(_ document: ArraySlice<UInt8>, bounds: Bounds = Bounds()) throws(JSONSyntaxError) {
        try self.init(document, at: document.startIndex, bounds: bounds, isWholeDocument: true)
    }

    private init(
        _ document: ArraySlice<UInt8>, at start: Int, bounds: Bounds, isWholeDocument: Bool
    ) throws(JSONSyntaxError) {
        self.document = document
        self.bounds = bounds
        self.isWholeDocument = isWholeDocument
        index = start
        guard peek() == .openingBrace else { throw problem(.object) }
        index += 1
    }

    /// Moves to the next member; a value that nobody has read is skipped and checked.
    ///
    /// - Returns: `nil` after the last member, when the object, or the document, has been found to be right to its end.
    /// - Throws: Where and why the document is wrong.
    public mutating func nextMember() throws(JSONSyntaxError) -> Member? {
        if isClosed { return nil }
        if valueIsNext { _ = try readValue() }
        if peek() == .closingBrace {
            try close()
            return nil
        }
        if membersRead > 0 {
            guard peek() == .comma else { throw problem(.commaOrClosingBrace) }
            index += 1
        }
        guard membersRead < bounds.memberCount else { throw problem(.fewerMembers, bound: bounds.memberCount) }
        let name = try readName(orElse: membersRead == 0 ? .memberNameOrClosingBrace : .memberName)
        guard peek() == .colon else { throw problem(.colon) }
        index += 1
        membersRead += 1
        guard let kind = kindOfNextValue() else { throw problem(.value) }
        valueIsNext = true
        return Member(name: name, kind: kind)
    }

    /// Reads the value, whatever it is, as the bytes that it has in the document.
    ///
    /// - Throws: Where and why the value is no JSON.
    public mutating func readValue() throws(JSONSyntaxError) -> ArraySlice<UInt8> {
        _ = peek()
        let start = index
        let depth = bounds.depth
        if let expectation = move({ cursor in cursor.skipValue(maximumDepth: depth) }) {
            throw problem(expectation, bound: depth)
        }
        valueIsNext = false
        return document[start..<index]
    }

    /// Reads a string and unescapes it.
    ///
    /// - Throws: Where and why the value is no string.
    public mutating func readString() throws(JSONSyntaxError) -> String {
        Self.unescape(try readStringLiteral().dropFirst().dropLast())
    }

    /// Reads a string as it lies, quotes and escapes included, for ``JSONString/unescaped(checkedLiteral:)``.
    ///
    /// - Throws: Where and why the value is no string.
    public mutating func readStringLiteral() throws(JSONSyntaxError) -> ArraySlice<UInt8> {
        guard peek() == .quote else { throw problem(.string) }
        let start = index
        index = try JSONString.endOfString(in: document, from: start + 1)
        valueIsNext = false
        return document[start..<index]
    }

    /// Skips a string where it is `""`, and says whether it did.
    public mutating func skipEmptyString() throws(JSONSyntaxError) -> Bool {
        guard peek() == .quote else { throw problem(.string) }
        guard index + 1 < document.endIndex, document[index + 1] == .quote else { return false }
        index += 2
        valueIsNext = false
        return true
    }

    /// Reads a number.
    ///
    /// - Throws: Where and why the value is no number, or is too large for a `Double`.
    public mutating func readDouble() throws(JSONSyntaxError) -> Double {
        try readNumber(orElse: .number) { text in Double(text).flatMap { $0.isFinite ? $0 : nil } }
    }

    /// Reads a whole number, also where it is written as `3.0` or `3e0`.
    ///
    /// - Throws: Where and why the value is no whole number of 64 bits.
    public mutating func readInteger() throws(JSONSyntaxError) -> Int {
        if kindOfNextValue() == .number, let number = readShortInteger() { return number }
        return try readNumber(orElse: .integer) { text in Int(text) ?? Self.integer(Double(text)) }
    }

    /// Reads a string whose text is JSON in its turn, and checks that text where it lies: one walk for both.
    ///
    /// - Throws: Where and why the string itself is wrong. What is wrong with the text in it, the answer says.
    public mutating func readQuotedJSON() throws(JSONSyntaxError) -> QuotedJSON {
        guard peek() == .quote else { throw problem(.string) }
        let text = try QuotedJSON(in: document, at: index, maximumDepth: bounds.depth)
        index = text.literal.endIndex
        valueIsNext = false
        return text
    }

    /// Reads an object with a reader of its own, which has the same bounds.
    ///
    /// - Parameter body: Reads members; those it leaves over are skipped and checked.
    /// - Returns: What `body` returns.
    /// - Throws: Where and why the value is no object, with places in the whole document.
    public mutating func readObject<Content>(
        _ body: (inout JSONObjectReader) throws(JSONSyntaxError) -> Content
    ) throws(JSONSyntaxError) -> Content {
        var inner = try JSONObjectReader(document, at: index, bounds: bounds, isWholeDocument: false)
        let content = try body(&inner)
        while try inner.nextMember() != nil {}
        index = inner.index
        valueIsNext = false
        return content
    }
}

extension UInt8 {
    /// Whether a number that this follows is not yet at its end.
    fileprivate var continuesNumber: Bool {
        isDigit || self == .point || self | 0x20 == .lowercaseE
    }
}

// MARK: - Moving

extension JSONObjectReader {
    private func problem(_ expectation: JSONExpectation, bound: Int = 0) -> JSONSyntaxError {
        JSONSyntaxError(expectation, at: index - document.startIndex, in: document, bound: bound)
    }

    private mutating func close() throws(JSONSyntaxError) {
        index += 1
        isClosed = true
        guard isWholeDocument else { return }
        _ = peek()
        guard index == document.endIndex else { throw problem(.endOfDocument) }
    }

    private mutating func readName(orElse expectation: JSONExpectation) throws(JSONSyntaxError) -> String {
        guard peek() == .quote else { throw problem(expectation) }
        let start = index + 1
        let end = try JSONString.endOfString(in: document, from: start)
        guard end - 1 - start <= bounds.nameBytes else { throw problem(.shorterMemberName, bound: bounds.nameBytes) }
        index = end
        return Self.unescape(document[start..<(end - 1)])
    }

    /// Skips whitespace and shows the next byte; 0 at the end.
    private mutating func peek() -> UInt8 {
        while index < document.endIndex {
            let byte = document[index]
            guard byte.isWhitespace else { return byte }
            index += 1
        }
        return 0
    }

    private mutating func readNumber<Number>(
        orElse expectation: JSONExpectation, _ parse: (String) -> Number?
    ) throws(JSONSyntaxError) -> Number {
        guard kindOfNextValue() == .number else { throw problem(expectation) }
        let start = index
        let text = String(decoding: try readValue(), as: UTF8.self)
        if let number = parse(text) { return number }
        index = start
        throw problem(expectation)
    }

    /// Reads up to 18 digits, as most numbers are; `nil`, and nothing read, for any other number.
    private mutating func readShortInteger() -> Int? {
        var number = 0
        var end = index
        while end < document.endIndex, document[end].isDigit, end - index < 18 {
            number = 10 * number + Int(document[end] - .zero)
            end += 1
        }
        let isAlone = end == document.endIndex || !document[end].continuesNumber
        guard end > index, isAlone, document[index] != .zero || end - index == 1 else { return nil }
        index = end
        valueIsNext = false
        return number
    }

    private static func integer(_ number: Double?) -> Int? {
        guard let number, number.magnitude < 0x1p63, Double(Int(number)) == number else { return nil }
        return Int(number)
    }

    private mutating func kindOfNextValue() -> Kind? {
        switch peek() {
        case .quote: .string
        case .openingBrace: .object
        case .openingBracket: .array
        case .lowercaseT, .lowercaseF: .boolean
        case .lowercaseN: .null
        case .minus, .zero, 0x31...0x39: .number
        default: nil
        }
    }

    /// Lets a cursor run from `index`, and takes its place over.
    private mutating func move(_ body: (inout PlainCursor) -> JSONExpectation?) -> JSONExpectation? {
        let (expectation, moved) = document[index...].withUnsafeBytes { bytes -> (JSONExpectation?, Int) in
            guard let start = bytes.baseAddress else { return (.value, 0) }
            var cursor = PlainCursor(from: start, to: start + bytes.count)
            return (body(&cursor), cursor.position - start)
        }
        index += moved
        return expectation
    }

    /// The text of the checked inside of a string.
    private static func unescape(_ inside: ArraySlice<UInt8>) -> String {
        inside.withUnsafeBytes { inside in
            guard inside.contains(.backslash) else { return String(decoding: inside, as: UTF8.self) }
            var text: [UInt8] = []
            JSONString.appendUnescaped(inside, to: &text)
            return String(decoding: text, as: UTF8.self)
        }
    }
}
