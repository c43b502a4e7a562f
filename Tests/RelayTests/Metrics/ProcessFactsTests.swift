// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Relay

@Suite("What the kernel knows of this process")
struct ProcessFactsTests {
    @Test("A name may hold anything")
    func name() throws {
        let rest =
            "S 1 10 10 0 -1 4194560 1500 0 3 0 250 50 0 0 20 0 7 0 12345 104857600 2560 18446744073709551615 1 1 0"
        for name in ["scf-relay", "a) S 9 (b", ""] {
            let facts = try #require(
                ProcessFacts(
                    stat: "42 (\(name)) \(rest)\n", bootTime: 1_700_000_000, ticksPerSecond: 100, pageBytes: 4096))
            #expect(facts.cpuSeconds == 3)
            #expect(facts.threads == 7)
            #expect(facts.startTime == 1_700_000_123.45)
            #expect(facts.virtualBytes == 104_857_600)
            #expect(facts.residentBytes == 2560 * 4096)
        }
    }

    @Test(
        "What is no such file is nothing",
        arguments: ["", "42", "42 (a) S 1", "42 (a) " + String(repeating: "x ", count: 30)])
    func broken(stat: String) {
        #expect(ProcessFacts(stat: stat, bootTime: 0, ticksPerSecond: 100, pageBytes: 4096) == nil)
    }

    @Test("Of this very process it is about right")
    func own() throws {
        let facts = try #require(ProcessFacts.now())
        #expect(facts.threads >= 1 && facts.residentBytes > 1 << 20 && facts.virtualBytes > facts.residentBytes)
        #expect(facts.startTime < Double(time(nil)) + 1 && facts.startTime > Double(time(nil)) - 86_400)
        #expect(facts.maximumDescriptors >= 64)
        let open = try #require(facts.openDescriptors)
        #expect((3...facts.maximumDescriptors).contains(open))
    }
}
