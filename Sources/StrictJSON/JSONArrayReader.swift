// SPDX-License-Identifier: Apache-2.0

/// Walks through the elements of one array, each as the bytes that it has in the document.
struct JSONArrayReader {
    private let array: ArraySlice<UInt8>
    /// Index of the next byte to read.
    private var index: Int
    private var isAtStart = true

    /// - Parameter array: JSON text that begins with `[`.
    init(_ array: ArraySlice<UInt8>) {
        self.array = array
        index = array.startIndex + 1
    }

    /// Moves to the next element.
    ///
    /// - Returns: `nil` at the array's end.
    /// - Throws: Where and why this is no array.
    mutating func nextElement() throws(JSONSyntaxError) -> ArraySlice<UInt8>? {
        skipWhitespace()
        if index < array.endIndex, array[index] == .closingBracket { return nil }
        if !isAtStart {
            guard index < array.endIndex, array[index] == .comma else { throw problem(.commaOrClosingBracket) }
            index += 1
            skipWhitespace()
        }
        isAtStart = false
        return try readValue()
    }

    private mutating func readValue() throws(JSONSyntaxError) -> ArraySlice<UInt8> {
        let start = index
        let (expectation, length) = array[start...].withUnsafeBytes { bytes -> (JSONExpectation?, Int) in
            guard let first = bytes.baseAddress else { return (.value, 0) }
            var cursor = PlainCursor(from: first, to: first + bytes.count)
            return (cursor.skipValue(maximumDepth: JSONValidator.defaultMaximumDepth), cursor.position - first)
        }
        index += length
        if let expectation { throw problem(expectation) }
        return array[start..<index]
    }

    private mutating func skipWhitespace() {
        while index < array.endIndex, array[index].isWhitespace { index += 1 }
    }

    private func problem(_ expectation: JSONExpectation) -> JSONSyntaxError {
        JSONSyntaxError(expectation, at: index - array.startIndex, in: array, bound: JSONValidator.defaultMaximumDepth)
    }
}
