// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@Suite("Strict JSON")
struct JSONValidatorTests {
    @Test("The test suite is there")
    func suiteIsThere() {
        #expect(SuiteDocument.all.count > 100)
        #expect(SuiteDocument.all.contains { $0.name.hasPrefix("y_") })
        #expect(SuiteDocument.all.contains { $0.name.hasPrefix("n_") })
    }

    @Test("Every document of the test suite is accepted or refused as its name says", arguments: SuiteDocument.all)
    func suite(document: SuiteDocument) {
        let problem = problem(in: document.bytes)
        switch document.name.prefix(2) {
        case "y_": #expect(problem == nil)
        case "n_": #expect(problem != nil)
        default: #expect((problem == nil) == ReferenceJSON.accepts(document.bytes))
        }
    }

    @Test("Damaged documents are judged as the reference judges them", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var accepted = 0
        for _ in 0..<5_000 {
            let document = Mutations.random(using: &generator)
            let isRight = problem(in: document) == nil
            accepted += isRight ? 1 : 0
            guard isRight != ReferenceJSON.accepts(document) else { continue }
            Issue.record(
                "\(isRight ? "accepted" : "refused"): \(String(reflecting: String(decoding: document, as: UTF8.self)))")
        }
        #expect((500..<4_500).contains(accepted), "the damage should leave some documents right and some wrong")
    }

    @Test("What follows a slice does not count, wherever it lies", arguments: 0..<9)
    func slices(offset: Int) {
        for document in Mutations.seeds {
            let before = [UInt8](repeating: UInt8(ascii: "\""), count: offset)
            for after in [[UInt8](repeating: UInt8(ascii: "1"), count: 9), Array("\"}]\"}]".utf8), []] {
                let all = before + document + after
                let whole = offset..<(offset + document.count)
                #expect(throws: Never.self) { try JSONValidator.validate(all[whole]) }
                // Cut short, the same bytes must be judged by themselves, although the rest lies behind them.
                for end in whole {
                    let cut = Array(all[offset..<end])
                    #expect((problem(in: cut) == nil) == ReferenceJSON.accepts(cut))
                    #expect(((try? JSONValidator.validate(all[offset..<end])) != nil) == ReferenceJSON.accepts(cut))
                }
            }
        }
    }

    @Test("Every short string of bytes over 0x7F is judged as Unicode has it")
    func wellFormedUTF8() {
        let interesting: [UInt8] = [
            0x00, 0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
            0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF,
        ]
        var wrong = 0
        for first in interesting {
            for second in interesting {
                for third in interesting {
                    for fourth in [0x41, 0x80, 0xC0] as [UInt8] {
                        let document = [0x22, first, second, third, fourth, 0x22]
                        if (problem(in: document) == nil) != ReferenceJSON.accepts(document) { wrong += 1 }
                    }
                }
            }
        }
        #expect(wrong == 0)
    }

    @Test(
        "Nesting is bounded, and empty containers count",
        arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
    func depth(opening: String, closing: String) {
        func nested(_ levels: Int, around value: String = "1") -> [UInt8] {
            let count = levels / (opening.count == 6 ? 2 : 1)
            return Array(
                (String(repeating: opening, count: count) + value + String(repeating: closing, count: count)).utf8)
        }
        for levels in [2, 62, 64, 66, 126, 128, 130, 510, 512] { #expect(problem(in: nested(levels)) == nil) }
        #expect(problem(in: nested(514)) != nil)
        #expect(problem(in: nested(512, around: "[]"))?.expected == "at most 512 levels of nesting")
        #expect(problem(in: nested(512, around: "{}"))?.expected == "at most 512 levels of nesting")
        #expect(problem(in: nested(1_000), maximumDepth: 1_000) == nil)
    }

    @Test("512 levels are allowed and 513 are not, in a text and in a quoted text")
    func depthIsExact() throws {
        for (levels, isRight) in [(512, true), (513, false)] {
            let document =
                [UInt8](repeating: UInt8(ascii: "["), count: levels)
                + [UInt8](repeating: UInt8(ascii: "]"), count: levels)
            #expect((problem(in: document) == nil) == isRight)
            #expect((try QuotedJSON(startOf: quoted(document)[...]).syntaxError == nil) == isRight)
        }
    }

    @Test("A closing bracket must match what it closes, at any depth", arguments: [1, 63, 64, 65, 128, 200])
    func mismatchedClosing(levels: Int) {
        let outer = [UInt8](repeating: UInt8(ascii: "["), count: levels)
        let inner = Array("{\"a\":1}".utf8)
        let closing = [UInt8](repeating: UInt8(ascii: "]"), count: levels)
        #expect(problem(in: outer + inner + closing) == nil)
        for index in closing.indices {
            var wrong = closing
            wrong[index] = UInt8(ascii: "}")
            #expect(problem(in: outer + inner + wrong)?.expected == "',' or ']' after an element")
        }
    }

    @Test("A megabyte of opening brackets is refused at the limit", arguments: ["[", "{\"\":", "[{\"a\":"])
    func deepNesting(piece: String) throws {
        let document = Array(String(repeating: piece, count: 1_048_576 / piece.utf8.count).utf8)
        #expect(problem(in: document)?.expected == "at most 512 levels of nesting")
        #expect(try QuotedJSON(startOf: quoted(document)[...]).syntaxError?.expected == "at most 512 levels of nesting")
        #expect(problem(in: document, maximumDepth: 10_000_000)?.found == "the end of the input")
    }
}
