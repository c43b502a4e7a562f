// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

/// `Tests/Page/units.test.mjs` holds the page's script to the same table.
@Suite("Readable units")
struct ReadableUnitsTests {
    @Test(
        "durations",
        arguments: [
            (0, "0 ms"), (0.826, "0.83 ms"), (1.5, "1.5 ms"), (9.994, "9.99 ms"), (9.996, "10 ms"), (100, "100 ms"),
            (999.4, "999 ms"), (999.6, "1 s"), (1234, "1.2 s"), (59_949, "59.9 s"), (59_951, "1 min 0 s"),
            (125_000, "2 min 5 s"),
        ] as [(Double, String)])
    func duration(milliseconds: Double, text: String) {
        #expect(ReadableUnits.duration(milliseconds: milliseconds) == text)
    }

    @Test(
        "sizes",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KB"), (1536, "1.5 KB"), (1_048_576, "1 MB"), (3_207_168, "3.1 MB"),
            (134_217_728, "128 MB"),
        ])
    func size(bytes: Int, text: String) {
        #expect(ReadableUnits.size(bytes: bytes) == text)
    }

    @Test("numbers that no cloud should send do no harm", arguments: [Double.nan, .infinity, -1, 1e300])
    func strange(milliseconds: Double) {
        #expect(ReadableUnits.duration(milliseconds: milliseconds).hasSuffix(" ms"))
    }
}
