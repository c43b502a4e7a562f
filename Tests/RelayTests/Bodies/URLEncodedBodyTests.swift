// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("application/x-www-form-urlencoded")
struct URLEncodedBodyTests {
    private let type = "application/x-www-form-urlencoded"

    @Test(
        "What other writers produce is read",
        arguments: [
            "FunctionName=hello&ClientContext=%7B%22a%22%3A+1%7d", "%46unctionName=hello&ClientContext={\"a\":+1}",
            "&&FunctionName=hello&&ClientContext=%7b%22a%22:%201%7D&",
            "ClientContext={\"a\":%201}&FunctionName=hell%6F",
        ])
    func spellings(body: String) throws {
        let request = try decode(type, Array(body.utf8))
        #expect(request.functionName == "hello")
        #expect(request.clientContext?.text == Array(#"{"a": 1}"#.utf8))
    }

    @Test("A value may contain `=`, and needs no escape for it")
    func equalsSign() throws {
        #expect(
            try decode(type, Array("FunctionName=f&ClientContext=\"a=b=\"".utf8)).clientContext?.text
                == Array("\"a=b=\"".utf8))
    }

    static let malformed: [(body: String, code: ErrorCode, says: String)] = [
        ("FunctionName=%", "InvalidParameter", "At byte 14 of the body two hexadecimal digits must follow '%'"),
        ("FunctionName=f%4", "InvalidParameter", "At byte 15 of the body"),
        ("FunctionName=%4G", "InvalidParameter", "At byte 14 of the body"),
        ("FunctionName=%+1", "InvalidParameter", "At byte 14 of the body"),
        ("FunctionName=f&ClientContext=%7B%22abcdefgh%2", "InvalidParameter", "At byte 44 of the body"),
        ("FunctionName=f&ClientContext=%7B%2&LogType=Tail", "InvalidParameter", "At byte 33 of the body"),
        ("Function%Name=f", "InvalidParameter", "At byte 9 of the body"),
        ("FunctionName", "InvalidParameter", "Key and value must be split by `=`: the field at byte 1"),
        ("FunctionName=f&x", "InvalidParameter", "the field at byte 16 of the body"),
        ("%FF=1", "InvalidParameter", "A field name is not well-formed UTF-8."),
        ("=1", "UnknownParameter", "Unknown parameter ``."),
        ("FunctionName=f&Qualifier=%FF", "InvalidParameterValue", "Qualifier is not well-formed UTF-8."),
        ("FunctionName=f&Qualifier=%C0%80", "InvalidParameterValue", "Qualifier is not well-formed UTF-8."),
        (
            "FunctionName=f&ClientContext=%22%FF%22", "InvalidParameterValue.Param",
            "expected well-formed UTF-8, found byte 0xFF"
        ),
        ("FunctionName=f&ClientContext=%00", "InvalidParameterValue.Param", "found U+0000"),
    ]

    @Test("What is malformed is refused with its place", arguments: malformed)
    func isRefused(body: String, code: ErrorCode, says: String) {
        let error = refusal(type, body)
        #expect(error?.code == code)
        #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    }

    @Test("A name without end is not searched for its sign")
    func longName() {
        #expect(refusal(type, String(repeating: "n", count: 100_000) + "=1")?.code == "InvalidParameter")
    }

    @Test("Decoding is right for every byte at every place in a word")
    func everyByte() {
        let digits = Array("0123456789abcdefABCDEF".utf8)
        for byte in UInt8.min...UInt8.max {
            for prefix in 0..<10 {
                let encoded =
                    [UInt8](repeating: 0x61, count: prefix) + [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
                for suffix in ["", "z", "zzzzzzzzz", "%2B+zzzzzzzzz%25"] {
                    guard case .decoded(let decoded) = percentDecoded((encoded + Array(suffix.utf8))[...]) else {
                        Issue.record("not decoded")
                        return
                    }
                    let rest = suffix.hasPrefix("%") ? "+ zzzzzzzzz%" : suffix
                    #expect(decoded == [UInt8](repeating: 0x61, count: prefix) + [byte] + Array(rest.utf8))
                }
            }
        }
    }

    @Test("Only hexadecimal digits are taken, whatever the byte")
    func everyDigit() {
        for byte in UInt8.min...UInt8.max {
            let isDigit = "0123456789abcdefABCDEF".utf8.contains(byte)
            for encoded in [
                [0x25, byte, 0x30], [0x25, 0x30, byte], [0x61, 0x61, 0x25, 0x41, byte, 0x61, 0x61, 0x61],
            ] {
                if case .malformed(let offset) = percentDecoded(encoded[...]) {
                    #expect(!isDigit)
                    #expect(offset == encoded.firstIndex(of: 0x25))
                } else {
                    #expect(isDigit)
                }
            }
        }
    }

    @Test("A byte is found wherever it is, and not where it is not")
    func firstIndexOfByte() {
        for length in 0..<40 {
            let empty = [UInt8](repeating: 0x27, count: length)
            #expect(firstIndex(of: 0x26, in: empty[...]) == nil)
            for place in 0..<length {
                var bytes = empty
                bytes[place] = 0x26
                bytes[length - 1] = 0x26
                #expect(firstIndex(of: 0x26, in: bytes[...]) == place)
                #expect(firstIndex(of: 0x26, in: bytes[..<place]) == nil)
            }
        }
    }
}
