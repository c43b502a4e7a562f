// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("Reading an object's members")
struct JSONObjectReaderTests {
    private func members(_ text: String, bounds: JSONObjectReader.Bounds = .init()) throws(JSONSyntaxError) -> [String]
    {
        var reader = try JSONObjectReader(Array(text.utf8)[...], bounds: bounds)
        var found: [String] = []
        while let member = try reader.nextMember() {
            found.append("\(member.name)=\(member.kind)=\(String(decoding: try reader.readValue(), as: UTF8.self))")
        }
        return found
    }

    @Test("Members come in order, with kind and bytes")
    func inOrder() throws {
        let text =
            "\n{ \"a\" : \"x\\n\" , \"\\u4f60\":[1, 2 ],\"c\":{\"d\":{}},\"e\":-1.50e+2,\"f\":true,\"g\":null,\"\":false } "
        #expect(
            try members(text) == [
                "a=string=\"x\\n\"", "你=array=[1, 2 ]", "c=object={\"d\":{}}", "e=number=-1.50e+2", "f=boolean=true",
                "g=null=null", "=boolean=false",
            ])
        #expect(try members("{}").isEmpty)
    }

    @Test("Whoever reads an object knows that the whole document is strict", arguments: SuiteDocument.all)
    func isAsStrictAsTheValidator(document: SuiteDocument) {
        func readsToItsEnd(reading: Bool) -> Bool {
            guard var reader = try? JSONObjectReader(document.bytes[...]) else { return false }
            do {
                while try reader.nextMember() != nil { if reading { _ = try reader.readValue() } }
                return true
            } catch {
                return false
            }
        }
        let first = document.bytes.first { !" \t\r\n".utf8.contains($0) }
        let isRight = problem(in: document.bytes) == nil && first == UInt8(ascii: "{")
        #expect(readsToItsEnd(reading: true) == isRight)
        #expect(readsToItsEnd(reading: false) == isRight)
    }

    @Test(
        "Errors name places in the whole document",
        arguments: [
            ("[]", "line 1, column 1: expected an object, found '['"),
            ("{,}", "line 1, column 2: expected a member name in double quotes or '}', found ','"),
            ("{\"a\":1,}", "line 1, column 8: expected a member name in double quotes, found '}'"),
            ("{\"a\":1,\n\"b\":[1,}", "line 2, column 8: expected a value, found '}'"),
            ("{\"a\":1}x", "line 1, column 8: expected the end of the document, found 'x'"),
            ("{\"a\":1", "line 1, column 7: expected ',' or '}' after a member, found the end of the input"),
            ("{\"a\":nux}", "line 1, column 8: expected the word null, found 'x'"),
            ("{\"a\":\"\\x\"}", "line 1, column 8: expected one of \" \\ / b f n r t u after '\\', found 'x'"),
            (
                "{\"1\":1,\"2\":2,\"3\":3,\"4\":4}",
                "line 1, column 20: expected at most 3 members in this object, found '\"'"
            ),
            ("{\"longname\":1}", "line 1, column 2: expected a member name of at most 5 bytes, found '\"'"),
            ("{\"a\":[[[]]]}", "line 1, column 8: expected at most 2 levels of nesting, found '['"),
        ])
    func errors(text: String, description: String) {
        let bounds = JSONObjectReader.Bounds(memberCount: 3, nameBytes: 5, depth: 2)
        do {
            _ = try members(text, bounds: bounds)
            Issue.record("accepted")
        } catch {
            #expect(error.description == description)
        }
    }

    @Test("Quoted JSON is checked where it lies, and reading goes on behind it")
    func quotedJSON() throws {
        let document = Array(#"{"ClientContext": "{\"a\":\n [1,\"中\"]}", "x": "y"}"#.utf8)
        var reader = try JSONObjectReader(document[...])
        #expect(try reader.nextMember()?.name == "ClientContext")
        let text = try reader.readQuotedJSON()
        #expect(text.syntaxError == nil)
        #expect(text.byteCount == #"{"a":. [1,"中"]}"#.utf8.count)
        #expect(try reader.nextMember()?.name == "x")
        #expect(try reader.readString() == "y")
        #expect(try reader.nextMember() == nil)
    }

    @Test("Objects in objects, numbers, and empty strings")
    func typedReading() throws {
        let text = #"{"o":{"i":3,"skipped":[1],"j":4.0,"k":-2e2,"d":0.826},"e":"","s":"x","after":1}"#
        var reader = try JSONObjectReader(Array(text.utf8)[...])
        _ = try reader.nextMember()
        let numbers = try reader.readObject { inner throws(JSONSyntaxError) in
            var numbers: [Double] = []
            while let member = try inner.nextMember() {
                switch member.name {
                case "i", "j", "k": numbers.append(Double(try inner.readInteger()))
                case "d": numbers.append(try inner.readDouble())
                default: continue
                }
            }
            return numbers
        }
        #expect(numbers == [3, 4, -200, 0.826])
        _ = try reader.nextMember()
        #expect(try reader.skipEmptyString())
        _ = try reader.nextMember()
        #expect(try !reader.skipEmptyString())
        #expect(throws: JSONSyntaxError.self) { try reader.readInteger() }
        #expect(try reader.nextMember()?.name == "after")
        #expect(try reader.nextMember() == nil)
        #expect(try reader.nextMember() == nil)
    }

    @Test(
        "Whole numbers, however they are written",
        arguments: [
            ("0", 0), ("-0", 0), ("7", 7), ("100", 100), ("1e2", 100), ("10.0", 10), ("-12", -12),
            ("123456789012345678", 123_456_789_012_345_678), ("1234567890123456789", 1_234_567_890_123_456_789),
            ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
        ])
    func wholeNumbers(number: String, value: Int) throws {
        for document in ["{\"n\":\(number)}", "{ \"n\" : \(number) , \"m\" : 1 }"] {
            var reader = try JSONObjectReader(Array(document.utf8)[...])
            _ = try reader.nextMember()
            #expect(try reader.readInteger() == value)
            while try reader.nextMember() != nil {}
        }
    }

    @Test(
        "What is no number is refused, and where", arguments: [("01", 6), ("1x", 6), ("12-3", 7), ("-", 6), ("1.", 7)])
    func noNumbers(number: String, offset: Int) throws {
        var reader = try JSONObjectReader(Array("{\"n\":\(number)}".utf8)[...])
        _ = try reader.nextMember()
        let error = #expect(throws: JSONSyntaxError.self) {
            _ = try reader.readInteger()
            while try reader.nextMember() != nil {}
        }
        #expect(error?.offset == offset)
    }

    @Test(
        "Numbers that do not fit are refused where they stand",
        arguments: ["1.5", "1e400", "9223372036854775808", "-1e19", "\"1\"", "null", "[1]"])
    func numbersThatDoNotFit(number: String) throws {
        var reader = try JSONObjectReader(Array("{\"n\":\(number)}".utf8)[...])
        _ = try reader.nextMember()
        do {
            _ = try reader.readInteger()
            Issue.record("accepted")
        } catch {
            #expect(error.offset == 5)
            #expect(error.expected == "a whole number of 64 bits")
        }
    }
}
