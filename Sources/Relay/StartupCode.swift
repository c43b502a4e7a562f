// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The code that ran while the process started and never runs again: most of what dynamic linking, the libraries'
/// initialisers and the reading of the configuration touched.
enum StartupCode {
    /// Unmaps the pages of code that are mapped now.
    ///
    /// What is needed again comes back from the page cache by itself, once; the rest no longer counts as this process's
    /// memory, and the system is free to use it. Only code is given up: nothing ever wrote to it, so nothing is lost.
    /// Where `/proc` is not mounted, nothing happens.
    static func unmap() {
        for code in mappedCode() {
            // The address comes from the kernel a moment ago, and what is mapped there is never unmapped while running.
            madvise(UnsafeMutableRawPointer(bitPattern: code.lowerBound), code.count, MADV_DONTNEED)
        }
    }

    private static func mappedCode() -> [Range<UInt>] {
        guard let maps = fopen("/proc/self/maps", "r") else { return [] }
        var line: UnsafeMutablePointer<CChar>?  // getline allocates it, and makes it longer where it has to
        var capacity = 0
        defer {
            free(line)
            fclose(maps)
        }
        var code: [Range<UInt>] = []
        while getline(&line, &capacity, maps) > 0, let text = line.map({ String(cString: $0) }) {
            if let range = codeRange(inLine: text) { code.append(range) }
        }
        return code
    }

    /// The addresses in a line of `/proc/self/maps` (proc(5)), where it tells of code that comes from a file:
    /// `55e0c0a00000-55e0c0a01000 r-xp 00000000 fe:00 1234    /usr/bin/scf-relay`.
    static func codeRange(inLine line: String) -> Range<UInt>? {
        let fields = line.split(separator: " ")
        guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        return bounds[0]..<bounds[1]
    }
}
