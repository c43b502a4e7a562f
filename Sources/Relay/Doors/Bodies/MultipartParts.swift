// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// Walks over the parts of a multipart body (RFC 2046, 5.1.1), one after the other; contents are slices of the body.
struct MultipartParts {
    private let body: ArraySlice<UInt8>
    /// `CR LF -- boundary`: what ends every content.
    private let delimiter: [UInt8]
    private let maximumHeaderBytes: Int
    private var index: Int
    private var isFinished = false

    /// Moves over the first delimiter line.
    ///
    /// - Throws: `InvalidParameter` where the boundary breaks its rules or the body does not begin with it.
    init(_ body: ArraySlice<UInt8>, boundary: String?, maximumHeaderBytes: Int) throws(CloudError) {
        guard let boundary, Self.isBoundary(boundary) else {
            throw CloudError(
                "InvalidParameter",
                "Content-Type multipart/form-data needs a parameter `boundary` of 1 to 70 characters (RFC 2046).")
        }
        self.body = body
        self.maximumHeaderBytes = maximumHeaderBytes
        delimiter = [.carriageReturn, .lineFeed, .dash, .dash] + Array(boundary.utf8)
        index = body.startIndex
        if body.starts(with: delimiter) { index += 2 }
        guard body[index...].starts(with: delimiter.dropFirst(2)) else {
            throw problem("the body must begin with the boundary that Content-Type names")
        }
        index += delimiter.count - 2
        try finishDelimiter()
    }

    /// Reads the header of the next part, and gives the name of its field; `nil` after the last part.
    mutating func nextName() throws(CloudError) -> String? {
        if isFinished { return nil }
        var name: String?
        let limit = min(body.endIndex, index + maximumHeaderBytes)
        while true {
            guard let lineEnd = endOfLine(before: limit) else {
                throw problem("a part's header fields must end in an empty line, within \(maximumHeaderBytes) bytes")
            }
            let line = body[index..<lineEnd]
            if line.isEmpty { break }
            if let found = try Self.fieldName(inHeader: line) {
                guard name == nil else { throw problem("a part has Content-Disposition twice") }
                name = found
            } else if let what = Self.objection(toHeader: line) {
                throw problem(what)
            }
            index = lineEnd + 2
        }
        guard let name else {
            throw problem("a part needs the header field `Content-Disposition: form-data; name=\"…\"`")
        }
        index += 2
        return name
    }

    /// The bytes of the part whose header was read.
    mutating func content() throws(CloudError) -> ArraySlice<UInt8> {
        guard let end = nextDelimiter() else {
            throw problem("the boundary that ends this part is missing: the body is cut off")
        }
        let content = body[index..<end]
        index = end + delimiter.count
        try finishDelimiter()
        return content
    }
}

// MARK: - Delimiters

extension MultipartParts {
    /// What follows a boundary: CR LF, or `--` and the end of the body. Spaces may stand between (RFC 2046).
    private mutating func finishDelimiter() throws(CloudError) {
        isFinished = skip("--")
        while index < body.endIndex, body[index] == .space || body[index] == .tab { index += 1 }
        let hasLineEnd = skip("\r\n")
        if isFinished {
            guard index == body.endIndex else { throw problem("text follows the last boundary") }
        } else if !hasLineEnd {
            throw problem("a boundary must be followed by a line end, or by -- after the last part")
        }
    }

    private mutating func skip(_ text: String) -> Bool {
        guard body[index...].starts(with: text.utf8) else { return false }
        index += text.utf8.count
        return true
    }

    private func nextDelimiter() -> Int? {
        var place = index
        while let candidate = firstIndex(of: .carriageReturn, in: body[place...]) {
            place = candidate + 1
            if place < body.endIndex, body[place] == .lineFeed, body[candidate...].starts(with: delimiter) {
                return candidate
            }
        }
        return nil
    }

    /// RFC 2046: 1 to 70 characters of a small set, the last no space.
    private static func isBoundary(_ boundary: String) -> Bool {
        (1...70).contains(boundary.utf8.count) && boundary.utf8.last != .space
            && boundary.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: "'()+_,-./:=? ".utf8.contains(byte)
                }
            }
    }
}

// MARK: - Header fields of a part

extension MultipartParts {
    /// The index of the CR LF that ends the line at `index`. A lone CR or LF ends nothing, and is refused.
    private func endOfLine(before limit: Int) -> Int? {
        var place = index
        while place < limit, body[place] >= .space || body[place] == .tab { place += 1 }
        guard place < limit, body[place...].starts(with: [.carriageReturn, .lineFeed]) else { return nil }
        return place
    }

    /// The field's name, where the line is its Content-Disposition.
    private static func fieldName(inHeader line: ArraySlice<UInt8>) throws(CloudError) -> String? {
        guard let value = value(of: "content-disposition", in: line) else { return nil }
        guard let disposition = MediaType(value), disposition.essence == "form-data", let name = disposition["name"]
        else {
            throw CloudError(
                "InvalidParameter", "A part's Content-Disposition cannot be read; right is: form-data; name=\"…\".")
        }
        return name
    }

    /// Why a header field cannot be accepted: an encoding or a charset that would change the content.
    private static func objection(toHeader line: ArraySlice<UInt8>) -> String? {
        guard line.contains(UInt8(ascii: ":")), line.first != .space, line.first != .tab else {
            return "a part's header has a line that is no `name: value`"
        }
        if let encoding = value(of: "content-transfer-encoding", in: line)?.lowercased(),
            !["binary", "8bit", "7bit"].contains(encoding)
        {
            return "a part has a Content-Transfer-Encoding; send its bytes as they are"
        }
        if let type = value(of: "content-type", in: line), MediaType(type)?.isUTF8 != true {
            return "a part's Content-Type cannot be read, or names a charset that is not UTF-8"
        }
        return nil
    }

    private static func value(of name: String, in line: ArraySlice<UInt8>) -> String? {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            String(decoding: line[..<colon], as: UTF8.self).lowercased() == name
        else { return nil }
        let value = line[(colon + 1)...].drop { $0 == .space || $0 == .tab }
        return String(validating: value, as: UTF8.self)
    }

    private func problem(_ what: String) -> CloudError {
        CloudError(
            "InvalidParameter",
            "The multipart body is malformed at byte \(index - body.startIndex + 1): \(what).")
    }
}

extension UInt8 {
    fileprivate static var carriageReturn: UInt8 { 0x0D }
    fileprivate static var lineFeed: UInt8 { 0x0A }
    fileprivate static var dash: UInt8 { UInt8(ascii: "-") }
    fileprivate static var space: UInt8 { 0x20 }
    fileprivate static var tab: UInt8 { 0x09 }
}
