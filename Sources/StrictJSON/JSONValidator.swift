// SPDX-License-Identifier: Apache-2.0

/// Checks that bytes are a JSON text as RFC 8259 defines it, and nothing else.
///
/// Strict means: well-formed UTF-8 without a byte order mark, exactly the grammar's numbers, escapes and whitespace,
/// surrogate escapes in pairs, no trailing data. Any value may stand at the top. Equal member names are allowed, as they
/// are in the RFC.
public enum JSONValidator {
    /// How many levels of arrays and objects may lie in one another unless said otherwise.
    public static let defaultMaximumDepth = 512

    /// Checks one document.
    ///
    /// - Parameters:
    ///   - document: The whole text.
    ///   - maximumDepth: Levels of arrays and objects that may lie in one another.
    /// - Throws: Where and why the text is not JSON.
    public static func validate(
        _ document: ArraySlice<UInt8>, maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONSyntaxError) {
        let problem = document.withUnsafeBytes { bytes in
            firstProblem(in: bytes, maximumDepth: maximumDepth)
        }
        guard let problem else { return }
        throw JSONSyntaxError(problem.expectation, at: problem.offset, in: document, bound: maximumDepth)
    }

    private static func firstProblem(
        in bytes: UnsafeRawBufferPointer, maximumDepth: Int
    ) -> (expectation: JSONExpectation, offset: Int)? {
        guard let start = bytes.baseAddress else { return (.value, 0) }
        var cursor = PlainCursor(from: start, to: start + bytes.count)
        if let expectation = cursor.skipValue(maximumDepth: maximumDepth) {
            return (expectation, cursor.position - start)
        }
        _ = cursor.peek()
        return cursor.position == cursor.end ? nil : (.endOfDocument, cursor.position - start)
    }
}
