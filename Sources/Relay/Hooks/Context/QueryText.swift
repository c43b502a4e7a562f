// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// A query, or a form, as names and values.
package enum QueryText {
    /// Parameters that a hook's query may have.
    static let maximumParameters = 256

    /// The names and values of a query.
    ///
    /// - Throws: `InvalidParameter` where there are more than ``maximumParameters``.
    static func pairs(ofQuery query: String) throws(CloudError) -> [(name: String, value: String)] {
        guard let pairs = pairs(ArraySlice(query.utf8), maximumCount: maximumParameters) else {
            throw CloudError("InvalidParameter", "The query has more than \(maximumParameters) parameters.")
        }
        return pairs
    }

    /// The names and values, in order. What breaks the encoding stands as it came; what is not UTF-8 is replaced.
    ///
    /// - Returns: `nil` where there are more than `maximumCount`.
    package static func pairs(_ text: ArraySlice<UInt8>, maximumCount: Int) -> [(name: String, value: String)]? {
        var pairs: [(name: String, value: String)] = []
        var rest = text
        while !rest.isEmpty {
            let piece = rest[..<(firstIndex(of: UInt8(ascii: "&"), in: rest) ?? rest.endIndex)]
            rest = rest[piece.endIndex...].dropFirst()
            if piece.isEmpty { continue }
            guard pairs.count < maximumCount else { return nil }
            let parts = piece.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append((decoded(parts[0]), parts.count == 2 ? decoded(parts[1]) : ""))
        }
        return pairs
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        switch percentDecoded(text) {
        case .decoded(let bytes): String(decoding: bytes, as: UTF8.self)
        case .unchanged, .malformed: String(decoding: text, as: UTF8.self)
        }
    }
}
