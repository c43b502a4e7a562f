// SPDX-License-Identifier: Apache-2.0

import TencentCloud

@testable import Relay

extension Harness {
    /// A multipart body: the first line is the Content-Type, the rest the body.
    static let multipart = Harness(name: "multipart") { input throws in
        var pieces = Pieces(input)
        let contentType = pieces.textLine()
        try CallInEveryForm.check(contentType: contentType, body: pieces.rest)
        try checkParts(pieces.rest, boundary: MediaType(contentType)?["boundary"])
        try checkContent(input)
    }

    /// Parts follow one another, and no part holds what ends it.
    private static func checkParts(_ body: ArraySlice<UInt8>, boundary: String?) throws {
        guard let boundary, var parts = try? MultipartParts(body, boundary: boundary, maximumHeaderBytes: 4_096) else {
            return
        }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var last = body.startIndex
        while (try? parts.nextName()) != nil, let content = try? parts.content() {
            try require(content.startIndex > last, "a part that begins before the last one ended")
            last = content.endIndex
            let holdsDelimiter = content.indices.contains { content[$0...].starts(with: delimiter) }
            try require(!holdsDelimiter, "a part that holds the delimiter")
        }
    }

    /// Whatever bytes a file has, they come out as they went in.
    private static func checkContent(_ content: ArraySlice<UInt8>) throws {
        let boundary = "fuzz-boundary"
        let delimiter = Array("\r\n--\(boundary)".utf8)
        guard !content.indices.contains(where: { content[$0...].starts(with: delimiter) }) else { return }
        let head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"
        let body = Array(head.utf8) + content + delimiter + Array("--\r\n".utf8)
        var parts = try MultipartParts(body[...], boundary: boundary, maximumHeaderBytes: 4_096)
        let name = try parts.nextName()
        let read = try parts.content()
        let next = try parts.nextName()
        try require(name == "file" && next == nil, "read as '\(name ?? "")', then '\(next ?? "")'")
        try require(read == content, "another content than was sent")
    }
}
