// SPDX-License-Identifier: Apache-2.0

import Foundation
import Invocation
import Testing

@testable import Relay

/// What `scf-relay hooks test --body` reads, and what it says of a file that it cannot send.
@Suite final class HookTestTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "hook-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appending(path: "folder"), withIntermediateDirectories: true)
        for (name, bytes) in [("full", 400), ("long", 401), ("empty", 0)] {
            try Data(repeating: 0x20, count: bytes).write(to: folder.appending(path: name))
        }
        // Root may read what nobody may; where a link leads to itself, nobody gets in.
        let loop = folder.appending(path: "loop").path
        try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A name in the folder, or a path.
    private func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : folder.appending(path: name).path
    }

    /// A request to this relay may have 400 bytes.
    private func sender() throws -> HookTest {
        var configuration = try TestHooks.configuration(
            "{name: h, function: hello, \(HookConfigurationTests.github)}")
        configuration.limits.clientContextBytes = 100
        return try HookTest("h", in: configuration)
    }

    @Test(arguments: [("full", 400), ("empty", 0), ("/dev/null", 0)])
    func aFileIsReadWhole(name: String, count: Int) throws {
        #expect(try sender().body(from: path(name)) == [UInt8](repeating: 0x20, count: count))
    }

    @Test(arguments: [
        ("none", "does not exist"), ("folder", "is a folder; write the name of a file"),
        ("full/below", "cannot be opened: Not a directory"),
        ("loop", "cannot be opened: Too many levels of symbolic links"),
        ("long", "has 401 bytes; a request has at most 400, four times limits.clientContextBytes"),
        ("/dev/zero", "has at least 401 bytes; a request has at most 400, four times limits.clientContextBytes"),
    ])
    func whatCannotBeSentIsNamedWithTheReason(name: String, reason: String) throws {
        let hook = try sender()
        #expect(throws: ConfigurationProblem("--body \(path(name)) \(reason)")) { try hook.body(from: path(name)) }
    }
}
