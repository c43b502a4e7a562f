// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("JSON pointers")
struct JSONPointerTests {
    /// RFC 6901, section 5.
    static let document = #"""
        { "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8 }
        """#

    static let values: [(pointer: String, value: String?)] = [
        ("/foo", #"["bar", "baz"]"#), ("/foo/0", #""bar""#), ("/foo/1", #""baz""#), ("/", "0"), ("/a~1b", "1"),
        ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"), (#"/i\j"#, "5"), (#"/k"l"#, "6"), ("/ ", "7"), ("/m~0n", "8"),
        ("/foo/2", nil), ("/foo/-1", nil), ("/foo/-", nil), ("/foo/00", nil), ("/foo/+1", nil), ("/foo/1e0", nil),
        ("/foo/99999999999999999999", nil), ("/foo/", nil), ("/foo/0/0", nil), ("/Foo", nil), ("/a/b", nil),
    ]

    @Test("The values of RFC 6901, and what is not there", arguments: values)
    func value(pointer: String, value: String?) throws {
        let found = try JSONPointer(pointer).value(in: Array(Self.document.utf8)[...])
        #expect(found.map { String(decoding: $0, as: UTF8.self) } == value)
    }

    @Test("The empty pointer names the whole document")
    func whole() throws {
        #expect(try JSONPointer("").value(in: Array("[1]".utf8)[...])?.elementsEqual("[1]".utf8) == true)
    }

    @Test("Of two members with one name, the last counts; arrays may be empty or nested")
    func shapes() throws {
        let document = Array(#"{"a": 1, "a": [[], [ ] , {"b": [1 , 2]}]}"#.utf8)[...]
        #expect(try JSONPointer("/a/2/b/1").value(in: document)?.elementsEqual("2".utf8) == true)
        #expect(try JSONPointer("/a/1").value(in: document)?.elementsEqual("[ ]".utf8) == true)
        #expect(try JSONPointer("/a/0/0").value(in: document) == nil)
    }

    @Test("What is no pointer", arguments: ["a", "a/b", "/~", "/~2", "/a~", "#/a"])
    func malformed(pointer: String) {
        #expect(throws: JSONPointer.Malformed.self) { try JSONPointer(pointer) }
    }

    @Test("A document that is no JSON is said to be so", arguments: ["[1", "[1 2]", "[,]", #"{"0" 1}"#])
    func noJSON(document: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONPointer("/1").value(in: Array(document.utf8)[...]) }
    }
}
