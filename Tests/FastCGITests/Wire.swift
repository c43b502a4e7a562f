// SPDX-License-Identifier: Apache-2.0

/// The web server's side of FastCGI, written down a second time from the specification so that the tests do not lean
/// on the code they test.
enum Wire {
    static let begin: UInt8 = 1
    static let abort: UInt8 = 2
    static let end: UInt8 = 3
    static let parameters: UInt8 = 4
    static let input: UInt8 = 5
    static let output: UInt8 = 6
    static let error: UInt8 = 7
    static let data: UInt8 = 8
    static let getValues: UInt8 = 9
    static let getValuesResult: UInt8 = 10
    static let unknownType: UInt8 = 11

    static func record(
        _ kind: UInt8, _ content: [UInt8] = [], id: Int = 1, padding: Int = 0, version: UInt8 = 1
    ) -> [UInt8] {
        precondition(content.count <= 65_535 && padding <= 255)
        let header = [
            version, kind, UInt8(id >> 8), UInt8(id & 255), UInt8(content.count >> 8), UInt8(content.count & 255),
            UInt8(padding), 0xEE,
        ]
        return header + content + [UInt8](repeating: 0xDD, count: padding)
    }

    static func beginRequest(role: Int = 1, flags: UInt8 = 1, id: Int = 1) -> [UInt8] {
        record(begin, [UInt8(role >> 8), UInt8(role & 255), flags, 0xAA, 0xAA, 0xAA, 0xAA, 0xAA], id: id)
    }

    /// A stream in records of at most `piece` bytes, and its end.
    static func stream(_ kind: UInt8, _ bytes: [UInt8], id: Int = 1, piece: Int = 65_535, padding: Int = 0) -> [UInt8] {
        var records: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            records += record(kind, Array(rest.prefix(piece)), id: id, padding: padding)
            rest = rest.dropFirst(piece)
        }
        return records + record(kind, id: id)
    }

    static func pair(_ name: [UInt8], _ value: [UInt8]) -> [UInt8] {
        length(name.count) + length(value.count) + name + value
    }

    static func pair(_ name: String, _ value: String) -> [UInt8] { pair(Array(name.utf8), Array(value.utf8)) }

    static func length(_ count: Int) -> [UInt8] {
        if count < 128 { return [UInt8(count)] }
        return [UInt8(count >> 24) | 0x80, UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)]
    }

    static func request(
        _ parameters: [(String, String)] = [("REQUEST_METHOD", "POST")], body: [UInt8] = [], keep: Bool = true,
        id: Int = 1, contentLength: String? = nil
    ) -> [UInt8] {
        var encoded: [UInt8] = []
        for (name, value) in parameters { encoded += pair(name, value) }
        encoded += pair("CONTENT_LENGTH", contentLength ?? String(body.count))
        return beginRequest(flags: keep ? 1 : 0, id: id) + stream(Wire.parameters, encoded, id: id)
            + stream(input, body, id: id, piece: 32_768, padding: 3)
    }
}

/// A record as it was read.
struct WireRecord: Equatable {
    var kind: UInt8
    var id: Int
    var content: [UInt8]

    /// Cuts bytes into records; what is left over stays in `bytes`.
    static func take(from bytes: inout [UInt8]) -> [WireRecord] {
        var records: [WireRecord] = []
        var offset = 0
        while bytes.count - offset >= 8 {
            let header = bytes[offset..<offset + 8].map(Int.init)
            let contentLength = header[4] << 8 | header[5]
            let end = offset + 8 + contentLength + header[6]
            guard header[0] == 1 else {
                records.append(WireRecord(kind: 255, id: -1, content: []))
                break
            }
            guard end <= bytes.count else { break }
            records.append(
                WireRecord(
                    kind: UInt8(header[1]), id: header[2] << 8 | header[3],
                    content: Array(bytes[offset + 8..<offset + 8 + contentLength])))
            offset = end
        }
        bytes.removeFirst(offset)
        return records
    }

    /// What a draining server sends on a connection that is kept.
    static let dismissal = WireRecord(kind: Wire.error, id: 1, content: [])

    static func endRequest(_ status: UInt8, id: Int = 1) -> WireRecord {
        WireRecord(kind: Wire.end, id: id, content: [0, 0, 0, 0, status, 0, 0, 0])
    }
}

/// An answer put together again from its records.
struct WireResponse: Equatable {
    var head: [String] = []
    var body: [UInt8] = []

    var status: Int? { head.first.flatMap { Int($0.dropFirst("Status: ".count).prefix(3)) } }

    func field(_ name: String) -> String? {
        head.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }

    /// `nil` where the records are not: output, its end, and a complete end of the request.
    init?(_ records: [WireRecord], id: Int = 1) {
        guard records.count >= 3, records.allSatisfy({ $0.id == id }), records.last == .endRequest(0, id: id),
            records[records.count - 2] == WireRecord(kind: Wire.output, id: id, content: [])
        else { return nil }
        var bytes: [UInt8] = []
        for record in records.dropLast(2) {
            guard record.kind == Wire.output, !record.content.isEmpty else { return nil }
            bytes += record.content
        }
        let separator = Array("\r\n\r\n".utf8)
        guard
            let end = bytes.indices.dropLast(3).first(where: {
                bytes[$0] == 13 && Array(bytes[$0..<$0 + 4]) == separator
            })
        else { return nil }
        head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        body = Array(bytes[(end + 4)...])
    }
}

/// Random numbers that are the same in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
