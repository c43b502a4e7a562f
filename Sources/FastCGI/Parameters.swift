// SPDX-License-Identifier: Apache-2.0

/// The parameters of a request, such as `REQUEST_METHOD`: names and values as the web server sent them.
///
/// They stay as they came, in FastCGI's own encoding, and are walked through for each look-up: that allocates nothing,
/// however many there are.
public struct Parameters: Sendable {
    /// Name-value pairs (FastCGI 1.0, section 3.4). Every length in here has been checked.
    private let encoded: [UInt8]

    /// No parameters.
    public init() {
        encoded = []
    }

    /// Makes parameters from pairs; for tests and for requests that come from elsewhere.
    public init(_ pairs: [(name: String, value: String)]) {
        var encoded: [UInt8] = []
        for (name, value) in pairs {
            Self.appendLength(name.utf8.count, to: &encoded)
            Self.appendLength(value.utf8.count, to: &encoded)
            encoded += name.utf8
            encoded += value.utf8
        }
        self.encoded = encoded
    }

    /// Takes name-value pairs.
    ///
    /// - Returns: `nil` where a length points past the end.
    init?(encoded bytes: [UInt8]) {
        encoded = bytes
        var offset = 0
        while offset < bytes.count {
            guard Self.readPair(bytes.span, &offset) != nil else { return nil }
        }
    }

    /// The value of the first parameter with this name, as bytes.
    public func bytes(_ name: StaticString) -> ArraySlice<UInt8>? {
        // A StaticString's bytes live as long as the program.
        firstValue(named: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount).span)
    }

    /// The value of the first parameter with this name; bytes that are not UTF-8 become U+FFFD.
    public subscript(_ name: StaticString) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same for a name that is not known in advance.
    public subscript(named name: String) -> String? {
        firstValue(named: Array(name.utf8).span).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The values of all parameters with this name, in order: web servers pass repeated header fields on as they came.
    public func values(named name: String) -> [String] {
        let wanted = Array(name.utf8)
        var values: [String] = []
        var offset = 0
        while let pair = Self.readPair(encoded.span, &offset) {
            guard pair.name.count == wanted.count, encoded[pair.name].elementsEqual(wanted) else { continue }
            values.append(String(decoding: encoded[pair.value], as: UTF8.self))
        }
        return values
    }

    private func firstValue(named wanted: Span<UInt8>) -> ArraySlice<UInt8>? {
        let bytes = encoded.span
        var offset = 0
        while true {
            // Nearly all are short, and have another length than the one that is looked for: a dozen look-ups walk past
            // some twenty of them for each call.
            while offset + 1 < bytes.count {
                let (nameLength, valueLength) = (bytes[offset], bytes[offset + 1])
                guard nameLength | valueLength < 128, Int(nameLength) != wanted.count else { break }
                offset += 2 + Int(nameLength) + Int(valueLength)
            }
            guard let pair = Self.readPair(bytes, &offset) else { return nil }
            if Self.isEqual(bytes.extracting(pair.name), wanted) { return encoded[pair.value] }
        }
    }

    /// From the end: names of one length are mostly alike at their beginning.
    private static func isEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var index = left.count - 1
        while index >= 0, left[index] == right[index] { index -= 1 }
        return index < 0
    }

    /// All names and values, in order, as text.
    public var pairs: [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        var offset = 0
        while let (name, value) = Self.readPair(encoded.span, &offset) {
            pairs.append(
                (String(decoding: encoded[name], as: UTF8.self), String(decoding: encoded[value], as: UTF8.self)))
        }
        return pairs
    }
}

// MARK: - The encoding

extension Parameters {
    /// Where the name and the value of the pair at `offset` lie, which is moved behind them.
    ///
    /// - Returns: `nil` at the end, and where a length points past it.
    private static func readPair(_ bytes: Span<UInt8>, _ offset: inout Int) -> (name: Range<Int>, value: Range<Int>)? {
        guard let nameLength = readLength(bytes, &offset), let valueLength = readLength(bytes, &offset),
            nameLength <= bytes.count - offset, valueLength <= bytes.count - offset - nameLength
        else { return nil }
        let middle = offset + nameLength
        let end = middle + valueLength
        defer { offset = end }
        return (offset..<middle, middle..<end)
    }

    /// One byte below 128, else four bytes with the top bit set.
    private static func readLength(_ bytes: Span<UInt8>, _ offset: inout Int) -> Int? {
        guard offset < bytes.count else { return nil }
        let first = Int(bytes[offset])
        guard first >= 128 else {
            offset += 1
            return first
        }
        guard offset + 4 <= bytes.count else { return nil }
        defer { offset += 4 }
        return (first & 0x7F) << 24 | Int(bytes[offset + 1]) << 16 | Int(bytes[offset + 2]) << 8
            | Int(bytes[offset + 3])
    }

    private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
        if length >= 128 {
            bytes.append(UInt8(0x80 | length >> 24 & 0x7F))
            bytes.append(UInt8(length >> 16 & 0xFF))
            bytes.append(UInt8(length >> 8 & 0xFF))
        }
        bytes.append(UInt8(length & 0xFF))
    }
}
