// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("multipart/form-data")
struct MultipartBodyTests {
    private static let head = "--B\r\nContent-Disposition: form-data; name=\"FunctionName\"\r\n\r\nhello\r\n"
    private static let end = "--B--\r\n"

    private func contextPart(_ content: String, header: String = "") -> String {
        "--B\r\nContent-Disposition: form-data; name=\"ClientContext\"\r\n\(header)\r\n\(content)\r\n"
    }

    @Test("A file part counts like any other, and its bytes are untouched")
    func file() throws {
        let content = "{\r\n\"a\":\r\n\"--B\", \"b\": \"-\\r\\n--B\"}\n\r\n-"
        let json = content.dropLast(1)
        let part =
            "--B\r\nContent-Disposition: form-data; name=\"ClientContext\"; filename=\"C:\\dir\\\"e\\\".json\"\r\n"
            + "Content-Type: application/json\r\nContent-Transfer-Encoding: binary\r\n\r\n\(json)\r\n"
        let request = try decode("multipart/form-data; boundary=B", Array((Self.head + part + Self.end).utf8))
        #expect(request.clientContext?.text == Array(json.utf8))
    }

    @Test("An empty file is no ClientContext, and an epilogue may be missing its line end")
    func emptyFile() throws {
        let part = "--B\r\ncontent-disposition:form-data;name=ClientContext;filename=\"\"\r\n\r\n\r\n--B--"
        #expect(try decode("multipart/form-data; boundary=B", Array((Self.head + part).utf8)).clientContext == nil)
    }

    @Test(
        "Boundaries as the RFC allows them",
        arguments: [
            ("B", "B"), ("\"a b\"", "a b"), ("\"'()+_,-./:=?\"", "'()+_,-./:=?"),
            ("----WebKitFormBoundaryAbC", "----WebKitFormBoundaryAbC"),
            (String(repeating: "x", count: 70), String(repeating: "x", count: 70)),
        ])
    func boundaries(parameter: String, boundary: String) throws {
        for (padding, preamble) in [("", ""), (" \t", "\r\n")] {
            let body =
                "\(preamble)--\(boundary)\(padding)\r\nContent-Disposition: form-data; name=\"FunctionName\"\r\n\r\nf\r\n"
                + "--\(boundary)--\(padding)\r\n"
            #expect(
                try decode("multipart/form-data; charset=utf-8; boundary=\(parameter)", Array(body.utf8)).functionName
                    == "f")
        }
    }

    @Test(
        "A boundary that breaks the rules is refused",
        arguments: [
            "", "; boundary", "; boundary=", "; boundary=\"\"", "; boundary=\"a \"", "; boundary=\"a\\\"b\"",
            "; boundary=\"é\"", "; boundary=" + String(repeating: "x", count: 71),
        ])
    func badBoundaries(parameter: String) {
        let code = refusal("multipart/form-data\(parameter)", Self.head + Self.end)?.code
        #expect(code == "InvalidParameter" || code == "UnsupportedProtocol")
    }

    static let malformed: [(body: String, says: String)] = [
        ("", "byte 1: the body must begin with the boundary"),
        ("x" + head + end, "byte 1: the body must begin with the boundary"),
        ("preamble\r\n" + head + end, "byte 1: the body must begin with the boundary"),
        ("--C\r\n", "byte 1: the body must begin with the boundary"),
        ("--B", "byte 4: a boundary must be followed by a line end"),
        ("--B--\r\n", ""),
        (
            "--BB\r\nContent-Disposition: form-data; name=\"FunctionName\"\r\n\r\nf\r\n--B--",
            "byte 4: a boundary must be followed"
        ),
        (
            "--B\nContent-Disposition: form-data; name=\"FunctionName\"\n\nf\n--B--",
            "byte 4: a boundary must be followed"
        ),
        (head, "the boundary that ends this part is missing: the body is cut off"),
        (String(head.dropLast(2)), "the boundary that ends this part is missing"),
        (head + "--B", "a boundary must be followed by a line end"),
        (head + "--B-", "a boundary must be followed by a line end"),
        (head + "--Bx\r\n" + end, "a boundary must be followed by a line end"),
        (head + end + "x", "text follows the last boundary"),
        (head + "--B-- x", "text follows the last boundary"),
        (head + end + head + end, "text follows the last boundary"),
        (head.replacing("\r\nhello", with: "hello") + end, "a part's header has a line that is no `name: value`"),
        (head.replacing("\"\r\n\r\n", with: "\"\n\n") + end, "a part's header fields must end in an empty line"),
        (head.replacing("\"\r\n\r\n", with: "\"\r\r\n\r\n") + end, "a part's header fields must end in an empty line"),
        ("--B\r\n\r\nhello\r\n" + end, "a part needs the header field"),
        (head.replacing("form-data", with: "attachment") + end, "Content-Disposition cannot be read"),
        (head.replacing("name=", with: "nome=") + end, "Content-Disposition cannot be read"),
        (
            head.replacing("; name=\"FunctionName\"", with: "; name=\"FunctionName\"; name=\"FunctionName\"") + end,
            "Content-Disposition cannot be read"
        ),
        (head.replacing("FunctionName\"", with: "FunctionName") + end, "Content-Disposition cannot be read"),
        (
            head.replacing(
                "\"\r\n", with: "\"\r\nContent-Disposition: form-data; name=\"LogType\"\r\n", maxReplacements: 1) + end,
            "Content-Disposition twice"
        ),
        (head.replacing("\"\r\n", with: "\"\r\n folded: x\r\n", maxReplacements: 1) + end, "no `name: value`"),
        (
            head.replacing("\"\r\n", with: "\"\r\nContent-Transfer-Encoding: base64\r\n", maxReplacements: 1) + end,
            "Content-Transfer-Encoding"
        ),
        (
            head.replacing("\"\r\n", with: "\"\r\nContent-Type: text/plain; charset=gbk\r\n", maxReplacements: 1) + end,
            "not UTF-8"
        ),
        (
            head.replacing("\"\r\n", with: "\"\r\nX: \(String(repeating: "x", count: 4_096))\r\n", maxReplacements: 1)
                + end, "within 4096 bytes"
        ),
    ]

    @Test("What is malformed is refused with its place", arguments: malformed)
    func isRefused(body: String, says: String) {
        let error = refusal("multipart/form-data; boundary=B", body)
        #expect(error?.code == (says.isEmpty ? "MissingParameter" : "InvalidParameter"))
        #expect(error?.message.contains(says) == true || says.isEmpty, "\(error?.message ?? "")")
    }

    @Test("Cut off at any byte, a body is refused")
    func cutOff() {
        let body = Self.head + contextPart("{\"a\":1}") + "--B--"
        #expect(refusal("multipart/form-data; boundary=B", body) == nil)
        for end in body.utf8.indices {
            #expect(refusal("multipart/form-data; boundary=B", String(body[..<end])) != nil)
        }
    }

    @Test(
        "Content that nearly holds a boundary is content",
        arguments: ["\r\n-", "\r\n--", "\r\n--b", "\r--B", "\n--B", "--B", "\r\r\n\n"])
    func nearBoundaries(piece: String) {
        // No string may hold a bare line end, so the refusal must come from ClientContext: the part was read to its end.
        let error = refusal("multipart/form-data; boundary=B", Self.head + contextPart("\"\(piece)\"") + Self.end)
        #expect(piece == "--B" ? error == nil : error?.code == "InvalidParameterValue.Param")
    }

    @Test("A megabyte of line ends is walked quickly and refused")
    func lineEnds() {
        let content = String(repeating: "\r", count: 1_000_000)
        #expect(
            refusal("multipart/form-data; boundary=B", Self.head + contextPart(content + "x"))?.code
                == "InvalidParameter")
    }

    @Test("More fields than are allowed are refused")
    func fieldCount() {
        var limits = Limits()
        limits.fieldCount = 1
        let error = refusal("multipart/form-data; boundary=B", Self.head + contextPart("1") + Self.end, limits: limits)
        #expect(error?.message == "The body has more than 1 fields.")
    }
}
