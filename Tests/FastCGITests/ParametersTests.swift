// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FastCGI

@Suite struct ParametersTests {
    @Test func theFirstOfANameCounts() throws {
        let parameters = Parameters([("A", "1"), ("AB", "2"), ("A", "3"), ("", "empty"), ("EMPTY", "")])
        #expect(parameters["A"] == "1")
        #expect(parameters["AB"] == "2")
        #expect(parameters["B"] == nil)
        #expect(parameters["a"] == nil)
        #expect(parameters[""] == "empty")
        #expect(parameters["EMPTY"] == "")
        #expect(parameters.values(named: "A") == ["1", "3"])
        #expect(parameters.values(named: "B").isEmpty)
        #expect(parameters.bytes("AB").map(Array.init) == [50])
        #expect(parameters.pairs.map(\.name) == ["A", "AB", "A", "", "EMPTY"])
        #expect(Parameters().pairs.isEmpty)
        #expect(Parameters()["A"] == nil)
    }

    @Test(arguments: [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000])
    func pairsOfAnyLengthComeBack(_ count: Int) throws {
        let long = String(repeating: "x", count: count)
        let made = Parameters([("FIRST", long), (long, "second"), ("LAST", "z")])
        let read = try #require(
            Parameters(encoded: Wire.pair("FIRST", long) + Wire.pair(long, "second") + Wire.pair("LAST", "z")))
        for parameters in [made, read] {
            #expect(parameters.pairs.map(\.name) == ["FIRST", long, "LAST"])
            #expect(parameters.pairs.map(\.value) == [long, "second", "z"])
            #expect(parameters["LAST"] == "z")
        }
    }

    @Test func bytesThatAreNoTextAreKept() throws {
        let parameters = try #require(Parameters(encoded: Wire.pair(Array("RAW".utf8), [0xFF, 0, 0xC3])))
        #expect(parameters.bytes("RAW").map(Array.init) == [0xFF, 0, 0xC3])
        #expect(parameters["RAW"] == "\u{FFFD}\0\u{FFFD}")
    }
}
