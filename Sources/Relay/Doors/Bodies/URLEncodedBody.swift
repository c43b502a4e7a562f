// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// A body of the type `application/x-www-form-urlencoded`: `name=value&name=value` (WHATWG URL, 5.1).
///
/// Unlike browsers, which have to take anything, it refuses a `%` that no two hexadecimal digits follow, and a piece
/// without `=`.
enum URLEncodedBody {
    static func fields(in body: ArraySlice<UInt8>, limits: Limits) throws(CloudError) -> InvokeFields {
        var fields = InvokeFields()
        var count = 0
        var start = body.startIndex
        while start < body.endIndex {
            let end = firstIndex(of: UInt8(ascii: "&"), in: body[start...]) ?? body.endIndex
            if end > start {
                count += 1
                try InvokeFields.check(count: count, limits: limits)
                try take(start..<end, of: body, into: &fields, limits: limits)
            }
            start = end + 1
        }
        return fields
    }

    private static func take(
        _ piece: Range<Int>, of body: ArraySlice<UInt8>, into fields: inout InvokeFields, limits: Limits
    ) throws(CloudError) {
        // The sign is looked for where a name may end, so that a long value is not searched for it.
        let nameEnd = min(piece.upperBound, piece.lowerBound + 3 * limits.fieldNameBytes + 1)
        guard let sign = body[piece.lowerBound..<nameEnd].firstIndex(of: UInt8(ascii: "=")) else {
            let place = piece.lowerBound - body.startIndex + 1
            throw CloudError(
                "InvalidParameter",
                "Key and value must be split by `=`: the field at byte \(place) of the body has no `=` after a name of at "
                    + "most \(limits.fieldNameBytes) bytes.")
        }
        let name = try decode(piece.lowerBound..<sign, of: body)
        let parameter = try fields.parameter(namedBy: name, limits: limits)
        let value = (sign + 1)..<piece.upperBound
        if value.isEmpty { return }
        try fields.announce(parameter)
        guard parameter == .clientContext || value.count <= 3 * limits.fieldBytes else {
            throw CloudError(
                "InvalidParameterValue",
                "\(parameter.rawValue) is too long; at most \(limits.fieldBytes.grouped) bytes are allowed.")
        }
        try fields.set(parameter, toBytes: try decode(value, of: body), limits: limits)
    }

    /// The bytes that a name or value stands for: a slice of the body where nothing is encoded.
    private static func decode(_ range: Range<Int>, of body: ArraySlice<UInt8>) throws(CloudError) -> ArraySlice<UInt8>
    {
        switch percentDecoded(body[range]) {
        case .unchanged: return body[range]
        case .decoded(let bytes): return bytes[...]
        case .malformed(let offset):
            throw CloudError(
                "InvalidParameter",
                "At byte \(range.lowerBound + offset - body.startIndex + 1) of the body two hexadecimal digits must follow "
                    + "'%'; write %25 for the sign itself.")
        }
    }
}
