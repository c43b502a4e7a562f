// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import Testing

/// A document of the suite `nst/JSONTestSuite`.
struct SuiteDocument: CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let all: [SuiteDocument] = {
        guard let folder = Bundle.module.url(forResource: "Fixtures/json-test-suite", withExtension: nil),
            let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        else { return [] }
        return files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }.compactMap { file in
            (try? Data(contentsOf: file)).map { SuiteDocument(name: file.lastPathComponent, bytes: Array($0)) }
        }
    }()
}

/// The same numbers on every run, from SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Documents to start from, and small damage to them, with the bytes that the grammar cares about.
enum Mutations {
    static let seeds: [[UInt8]] = [
        #"{"id":12345,"name":"some name","ok":true,"v":1.5,"w":null}"#,
        #"{"名称":"你好，世界","emoji":"🚀🇨🇳","u":"\u4f60\ud83d\ude80","e":"a\"b\\c\/d\b\f\n\r\t"}"#,
        #"[0,-0,1,-12,3.25,1e10,1E+10,1.5e-3,12345678901234567890.10e+02,[[],{}],[{"a":[1,{"b":[]}]}]]"#,
        "{\n    \"a\" : [ 1 , 2 ] ,\r\n\t\"b\"\t:\tfalse\n}\n", "\"just a string\"", "-12.5E-7", " null ",
        #"{"":"","longer than sixteen bytes, to be scanned by words":"and its value is longer still, ÿ, 中, 🚀 at the end"}"#,
        "[\"\u{7F}\u{80}\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\"]",
    ].map { Array($0.utf8) }

    private static let pieces: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\n", "\t", "0", "9", "-", "+", ".", "e", "E", "t", "true",
            "null",
            "\\u", "\\u0041", "\\ud83d", "\\ude80", "\\ud83d\\ude80", "\\\"", "\\\\", "\\/", "\\n", "\\x", "/", "a",
            "中", "🚀",
            "\u{0}", "\u{1F}", "\u{7F}", "\u{FEFF}", "\"\"", "\"k\":", "1e5", "\\u0000", "\\u005c", "\\u0022",
        ].map { Array($0.utf8) } + [
            [0x80], [0xC0], [0xC1, 0xBF], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF], [0xE4, 0xB8],
        ]

    static func random(using generator: inout SeededGenerator) -> [UInt8] {
        var document = seeds.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let place = Int.random(in: 0...document.count, using: &generator)
            let end = min(document.count, place + Int.random(in: 0...2, using: &generator))
            let piece = Bool.random(using: &generator) ? pieces.randomElement(using: &generator) ?? [] : []
            document.replaceSubrange(place..<end, with: piece)
        }
        return document
    }
}

/// Whether the validator accepts, and if not, why.
func problem(in document: [UInt8], maximumDepth: Int = 512) -> JSONSyntaxError? {
    do throws(JSONSyntaxError) {
        try JSONValidator.validate(document[...], maximumDepth: maximumDepth)
        return nil
    } catch {
        return error
    }
}

/// The document as a JSON string, the way the product writes it.
func quoted(_ document: [UInt8]) -> [UInt8] {
    var literal: [UInt8] = []
    JSONString.appendQuoted(document[...], to: &literal)
    return literal
}
