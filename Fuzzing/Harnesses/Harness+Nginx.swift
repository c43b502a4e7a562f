// SPDX-License-Identifier: Apache-2.0

import NginxConfiguration

extension Harness {
    /// A site of nginx, as `scf-relay doctor` reads it, which may include itself. Every request ends up somewhere, and every
    /// directive has a place in the file.
    static let nginx = Harness(name: "nginx") { input throws in
        let file = Array(input)
        let lineCount = file.count { $0 == UInt8(ascii: "\n") } + 1
        let configuration: NginxConfiguration
        do throws(SyntaxError) {
            configuration = try NginxConfiguration(
                file: "site.conf", read: { $0.hasSuffix("site.conf") ? file : nil }, find: { [$0] })
        } catch {
            try require((1...lineCount).contains(error.place.line), "an error in line \(error.place.line)")
            return
        }
        try check(configuration.directives, lineCount: lineCount)
        for server in configuration.servers {
            for path in ["/", "/invoke", "/hooks/a.b", "", "/\u{212A}"] {
                _ = server.location(for: path).directive("fastcgi_pass")
            }
        }
    }

    private static func check(_ directives: [Directive], lineCount: Int) throws {
        for directive in directives {
            try require((1...lineCount).contains(directive.place.line), "a directive in line \(directive.place.line)")
            try check(directive.block ?? [], lineCount: lineCount)
        }
    }
}
