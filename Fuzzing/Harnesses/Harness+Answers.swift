// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Invocation
import StrictJSON
import TencentCloud

@testable import FastCGI
@testable import Relay

extension Harness {
    /// The cloud's answer. What is taken from it can be written and read again.
    static let answer = Harness(name: "answer") { input throws in
        guard let outcome = try? InvokeAnswer.read(Array(input), limits: Limits()) else { return }
        switch outcome {
        case .success(let answer):
            let written = InvokeAnswer(result: answer.result, requestId: answer.requestId)
            let again = try InvokeAnswer.read(written.envelope, limits: Limits()).get()
            try require(again.result.retMsg == answer.result.retMsg, "another RetMsg")
            try require(again.result.failed == answer.result.failed, "another verdict")
            try require(again.requestId == answer.requestId, "another RequestId")
        case .failure(let error):
            try require((400...599).contains(error.httpStatus), "an error with status \(error.httpStatus)")
            try require(!error.code.rawValue.isEmpty, "an error without a code")
        }
    }

    /// What a function returned to the sender of a webhook: it sets no field that is not its own, and no more than those.
    static let functionAnswer = Harness(name: "function-answer") { input throws in
        let result = InvokeResult(retMsg: String(decoding: input, as: UTF8.self), functionRequestId: "r")
        guard let answer = try? ResultAnswer(result, of: .requestResponse) else { return }
        var records: [UInt8] = []
        answer.response.appendRecords(requestId: 1, to: &records)
        let output = content(of: records)
        guard let end = output.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw BrokenPromise(description: "an answer without an end of its header")
        }
        // To Swift, CR LF is one character, and so neither CR nor LF: bytes are looked at.
        let head = output[..<end.lowerBound]
        let lines = head.split(separator: UInt8(ascii: "\n"))
        try require(lines.count == answer.response.headerFields.count + 2, "\(lines.count) lines in the header")
        try require(head.count { $0 == 13 } == lines.count - 1 && !head.contains(0), "a CR or NUL in a field")
        try require(Array(output[end.upperBound...]) == answer.response.body, "another body")
        for field in answer.response.headerFields {
            let name = field.name.canonicalName
            let isForbidden =
                ["set-cookie", "status", "connection", "transfer-encoding"].contains(name)
                || name.hasPrefix("x-accel-") || name.hasPrefix("access-control") || name.hasPrefix("strict-")
            try require(!isForbidden, "a function sets \(name)")
        }
    }

    private static func content(of records: [UInt8]) -> [UInt8] {
        var content: [UInt8] = []
        var rest = records[...]
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            let length = Int(header[4]) << 8 | Int(header[5])
            if header[1] == 6 { content += rest.dropFirst(8).prefix(length) }
            rest = rest.dropFirst(8 + length + Int(header[6]))
        }
        return content
    }

    /// Text of strangers on the page and in the log: it stays text.
    static let page = Harness(name: "page") { input throws in
        let text = String(decoding: input, as: UTF8.self)
        try checkPage(text)
        try checkLog(text)
    }

    private static let rendering = PageRendering(templates: .embedded)

    /// No text adds a tag: as many angle brackets and quotes as with a text that has none.
    private static func checkPage(_ text: String) throws {
        // RetMsg that is JSON is shown twice, and an empty log is not shown at all.
        let isShownOnce = !text.isEmpty && (try? JSONValidator.validate(ArraySlice(text.utf8))) == nil
        let page = tags(try resultPage(text))
        try require(!isShownOnce || page == plainResult, "a text that adds a tag: \(text)")
        try require(tags(errorPage(text)) == plainError, "an error's text that adds a tag: \(text)")
    }

    private static let call = HTTPCall(
        Request(parameters: Parameters([("REQUEST_METHOD", "POST"), ("REQUEST_URI", "/invoke")])))
    private static let plainResult = (try? resultPage("plain")).map(tags) ?? []
    private static let plainError = tags(errorPage("plain"))

    private static func resultPage(_ text: String) throws -> [UInt8] {
        var fields = InvokeFields()
        fields.set(.functionName, to: "f")
        let result = InvokeResult(retMsg: text, errMsg: "e" + text, log: text, functionRequestId: text)
        let answer = InvokeAnswer(result: result, requestId: text)
        return rendering.response(to: call, try InvokeRequest(fields, limits: Limits()), answer).body
    }

    private static func errorPage(_ text: String) -> [UInt8] {
        rendering.response(to: call, CloudError("InternalError", text)).body
    }

    private static func tags(_ page: [UInt8]) -> [Int] {
        "<>\"'".utf8.map { mark in page.count { $0 == mark } }
    }

    /// One call, one line of JSON, whatever was in it.
    private static func checkLog(_ text: String) throws {
        var line = LogLine(time: 1, level: "info")
        line.add("caller", text)
        line.add(named: "name" + text, text)
        let bytes = line.finished()
        try require(!bytes.contains { $0 < 0x20 }, "a line of the log that is more than one")
        try JSONValidator.validate(bytes[...])
    }
}
