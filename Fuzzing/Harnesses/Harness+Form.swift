// SPDX-License-Identifier: Apache-2.0

import Relay
import TencentCloud

extension Harness {
    /// A body of the type `application/x-www-form-urlencoded`: of a call, and of a signed one.
    static let form = Harness(name: "form") { input throws in
        try CallInEveryForm.check(contentType: "application/x-www-form-urlencoded", body: input)
        try checkParameters(input)
        try checkDecoding(input)
        try checkQuery(input)
    }

    /// A query, as views and hooks have it: nothing in it is wrong, and written again it says the same.
    private static func checkQuery(_ input: ArraySlice<UInt8>) throws {
        let pieces = input.split(separator: UInt8(ascii: "&"))
        guard let pairs = QueryText.pairs(input, maximumCount: 32) else {
            return try require(pieces.count > 32, "a query with \(pieces.count) parameters is refused")
        }
        let expected = pieces.map { piece in
            let sign = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.endIndex
            return (PlainForm.text(piece[..<sign]), PlainForm.text(piece[sign...].dropFirst()))
        }
        let isSame = pairs.count == expected.count && zip(pairs, expected).allSatisfy { $0 == $1 }
        try require(isSame, "other parameters: \(pairs) instead of \(expected)")
        let again = QueryText.pairs(ArraySlice(QueryText.encoded(pairs).utf8), maximumCount: 32) ?? []
        let isKept = again.count == pairs.count && zip(again, pairs).allSatisfy { $0 == $1 }
        try require(isKept, "written again: \(again) instead of \(pairs)")
    }

    /// The parameters of a signed form are those of a reader that was written to be obviously right.
    private static func checkParameters(_ input: ArraySlice<UInt8>) throws {
        let expected = PlainForm.parameters(in: Array(input))
        let actual = try? FormParameters(input).all
        try require((actual == nil) == (expected == nil), "taken: \(actual != nil), should be: \(expected != nil)")
        guard let actual, let expected else { return }
        let isSame =
            actual.count == expected.count
            && zip(actual, expected).allSatisfy { $0.name == $1.name && Array($0.value) == $1.value }
        try require(isSame, "other parameters: \(actual) instead of \(expected)")
    }

    private static func checkDecoding(_ input: ArraySlice<UInt8>) throws {
        let expected = PlainForm.decoded(Array(input))
        switch percentDecoded(input) {
        case .unchanged: try require(expected == Array(input), "something was to be decoded")
        case .decoded(let bytes): try require(expected == bytes, "decoded as \(bytes)")
        case .malformed(let offset):
            try require(
                expected == nil && input[input.startIndex + offset] == UInt8(ascii: "%"), "malformed at \(offset)")
        }
        let ampersand = input.firstIndex(of: UInt8(ascii: "&"))
        try require(firstIndex(of: UInt8(ascii: "&"), in: input) == ampersand, "'&' is found elsewhere")
    }
}

/// The rules of `FormParameters`, byte by byte and slowly.
private enum PlainForm {
    static func parameters(in body: [UInt8]) -> [(name: String, value: [UInt8])]? {
        var all: [(name: String, value: [UInt8])] = []
        for piece in body.split(separator: UInt8(ascii: "&")) {
            guard let sign = piece.firstIndex(of: UInt8(ascii: "=")), sign > piece.startIndex,
                sign - piece.startIndex <= FormParameters.maximumNameBytes,
                let nameBytes = decoded(Array(piece[..<sign])), let value = decoded(Array(piece[(sign + 1)...])),
                let name = String(validating: nameBytes, as: UTF8.self),
                !nameBytes.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }),
                !all.contains(where: { $0.name == name }), all.count < FormParameters.maximumCount
            else { return nil }
            all.append((name, value))
        }
        return all
    }

    /// What cannot be decoded stands as it came.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: decoded(Array(bytes)) ?? Array(bytes), as: UTF8.self)
    }

    static func decoded(_ text: [UInt8]) -> [UInt8]? {
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = text[(index + 1)...].prefix(2)
                // `UInt8("+1", radix: 16)` would take the sign.
                guard digits.count == 2, digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }),
                    let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(byte)
                index += 2
            default: bytes.append(text[index])
            }
            index += 1
        }
        return bytes
    }
}
