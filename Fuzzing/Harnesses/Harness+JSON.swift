// SPDX-License-Identifier: Apache-2.0

import StrictJSON

@testable import Relay

extension Harness {
    /// A JSON document. Five readers of this project walk over it, and have to agree with one another and with
    /// ``ReferenceJSON``.
    static let json = Harness(name: "json") { input throws in
        let isJSON = try checkValidator(input)
        try checkMember(input, isJSON: isJSON)
        try checkObject(input, isJSON: isJSON)
        try checkRawString(input)
        guard let text = String(validating: input, as: UTF8.self) else { return }
        try checkQuoted(text, input, isJSON: isJSON)
        try checkBody(input)
        if isJSON { try checkPretty(text) }
    }

    private static let depth = 64

    private static func checkValidator(_ input: ArraySlice<UInt8>) throws -> Bool {
        let error = problem(of: input)
        if let error {
            try require((0...input.count).contains(error.offset), "an error at byte \(error.offset)")
            try require(error.line >= 1 && error.column >= 1, "an error in line \(error.line), column \(error.column)")
        }
        // The reference knows no bound.
        guard nesting(of: input) <= depth else { return false }
        try require(ReferenceJSON.accepts(Array(input)) == (error == nil), "\(error?.description ?? "taken")")
        return error == nil
    }

    private static func problem(of text: ArraySlice<UInt8>) -> JSONSyntaxError? {
        do throws(JSONSyntaxError) {
            try JSONValidator.validate(text, maximumDepth: depth)
            return nil
        } catch {
            return error
        }
    }

    /// An upper bound for the levels of a text, whatever else it is.
    private static func nesting(of text: ArraySlice<UInt8>) -> Int {
        text.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") }
    }

    /// As a member of an object: read as it lies, or refused.
    private static func checkMember(_ input: ArraySlice<UInt8>, isJSON: Bool) throws {
        guard isJSON, nesting(of: input) < depth else { return }
        let document = Array("{\"a\":".utf8) + input + Array(",\"b\":1}".utf8)
        var reader = try JSONObjectReader(document[...], bounds: .init(depth: depth))
        try require(try reader.nextMember()?.name == "a", "the first member is lost")
        let value = try reader.readValue()
        try require(trimmed(input).elementsEqual(value), "another value: \(String(decoding: value, as: UTF8.self))")
        try require(try reader.nextMember()?.name == "b", "the second member is lost")
        _ = try reader.readInteger()
        try require(try reader.nextMember() == nil, "a third member")
    }

    private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace = { (byte: UInt8) in " \t\r\n".utf8.contains(byte) }
        var rest = text.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return rest
    }

    /// An object that is read to its end is JSON, and the other way round, within the bounds.
    private static func checkObject(_ input: ArraySlice<UInt8>, isJSON: Bool) throws {
        guard nesting(of: input) < depth else { return }
        var isRead = false
        do throws(JSONSyntaxError) {
            var reader = try JSONObjectReader(input, bounds: .init(memberCount: .max, nameBytes: .max, depth: depth))
            while try reader.nextMember() != nil {}
            isRead = true
        } catch {}
        let isObject = isJSON && trimmed(input).first == UInt8(ascii: "{")
        try require(isRead == isObject, "read as an object: \(isRead); is one: \(isObject)")
    }

    /// A string that may be anything: what is taken for JSON in it is JSON.
    private static func checkRawString(_ input: ArraySlice<UInt8>) throws {
        let literal = [UInt8(ascii: "\"")] + input
        guard let quoted = try? QuotedJSON(startOf: literal[...], maximumDepth: depth) else { return }
        guard let text = try? JSONString.unquoted(quoted.literal) else {
            throw BrokenPromise(description: "a string that was taken cannot be read")
        }
        try require(text.count == quoted.byteCount, "\(quoted.byteCount) bytes instead of \(text.count)")
        try require((quoted.syntaxError == nil) == (problem(of: text[...]) == nil), "quoted, it is judged otherwise")
    }

    /// Any text survives being quoted, and is judged as if it were not.
    private static func checkQuoted(
        _ text: String, _ input: ArraySlice<UInt8>, isJSON: Bool
    ) throws {
        var literal: [UInt8] = []
        JSONString.appendQuoted(text, to: &literal)
        try require(ReferenceJSON.accepts(literal), "a text is quoted as \(String(decoding: literal, as: UTF8.self))")
        try require((try? JSONString.unquoted(literal[...])) == Array(input), "another text after quoting")

        var again: [UInt8] = []
        let quotable = QuotableText(input)
        quotable.append(to: &again)
        try require(again.count == quotable.quotedByteCount, "\(quotable.quotedByteCount) bytes are \(again.count)")
        guard let quoted = try? QuotedJSON(startOf: again[...], maximumDepth: depth) else {
            throw BrokenPromise(description: "a quoted text is no string")
        }
        try require(quoted.literal.count == again.count && quoted.byteCount == input.count, "a quoted text is cut")
        try require(quoted.syntaxError == problem(of: input), "quoted, it is judged otherwise")
    }

    /// As the body of a call, and as the event in one.
    private static func checkBody(_ input: ArraySlice<UInt8>) throws {
        try CallInEveryForm.check(contentType: "application/json", body: input)
        let call = Array("{\"FunctionName\":\"f\",\"ClientContext\":".utf8) + input + Array("}".utf8)
        try CallInEveryForm.check(contentType: "application/json", body: call[...])
    }

    /// Pretty JSON is the same JSON, and does not grow out of bounds.
    private static func checkPretty(_ text: String) throws {
        guard let pretty = PrettyJSON.format(text) else { return }
        try require(
            pretty.utf8.count <= 8 * text.utf8.count + 4_096 + 2 * depth + 2,
            "pretty, but \(pretty.utf8.count) bytes long")
        try require(ReferenceJSON.accepts(Array(pretty.utf8)), "pretty, but no JSON any more")
        try require(compact(pretty) == compact(text), "pretty, but something else")
    }

    private static func compact(_ json: String) -> [UInt8] {
        var isInString = false
        var isEscaped = false
        return json.utf8.filter { byte in
            if isInString {
                isInString = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
                return true
            }
            isInString = byte == UInt8(ascii: "\"")
            return !" \t\r\n".utf8.contains(byte)
        }
    }
}
