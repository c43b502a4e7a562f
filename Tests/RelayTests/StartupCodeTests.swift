// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite("Code that only the start needs")
struct StartupCodeTests {
    @Test(
        "only code that comes from a file is given up",
        arguments: [
            (
                "55e0c0a00000-55e0c0a01000 r-xp 00000000 fe:00 1234    /usr/bin/scf-relay\n",
                0x55e0_c0a0_0000..<0x55e0_c0a0_1000
            ),
            ("1000-3000 r-xp 00002000 fe:00 9 /a folder/lib.so\n", 0x1000..<0x3000),
        ] as [(String, Range<UInt>)])
    func code(line: String, range: Range<UInt>) {
        #expect(StartupCode.codeRange(inLine: line) == range)
    }

    @Test(
        "data, and what the kernel itself maps, stays",
        arguments: [
            "1000-3000 r--p 00002000 fe:00 9 /usr/bin/scf-relay\n",  // written to by the linker, then made read-only
            "1000-3000 rw-p 00002000 fe:00 9 /usr/bin/scf-relay\n",
            "1000-3000 rwxp 00002000 fe:00 9 /usr/bin/scf-relay\n",
            "1000-3000 r-xs 00002000 fe:00 9 /usr/bin/scf-relay\n",
            "1000-3000 r-xp 00000000 00:00 0 \n",
            "1000-3000 r-xp 00000000 00:00 0 [vdso]\n",
            "3000-1000 r-xp 00000000 fe:00 9 /usr/bin/scf-relay\n",
            "nonsense r-xp 00000000 fe:00 9 /usr/bin/scf-relay\n", "", "\n",
        ])
    func notCode(line: String) {
        #expect(StartupCode.codeRange(inLine: line) == nil)
    }

    @Test("everything goes on running")
    func goesOn() {
        StartupCode.unmap()
        #expect("still here".reversed().map { String($0) }.joined() == "ereh llits")
    }
}
