// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testing

@testable import Relay

/// A configuration that cannot be read in time, and what comes after it.
@Suite(.timeLimit(.minutes(1))) struct ReadingInTimeTests {
    private static let text = """
        listen: fd:0
        cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou}
        functions: [{name: hello}]
        """

    /// More hang than there are threads for tasks: a reading that hangs takes none of those.
    @Test func oneThatHangsIsGivenUpAndTheNextIsRead() async throws {
        let never = DispatchSemaphore(value: 0)
        @Sendable func source(limit: Duration, hangs: Bool) -> ConfigurationSource {
            ConfigurationSource(file: "relay.yaml", environment: [:], readingLimit: limit) { _, _ in
                if hangs { never.wait() }
                return try Configuration(yaml: Self.text)
            }
        }
        defer { for _ in 0..<8 { never.signal() } }
        for _ in 0..<8 {
            let error = await #expect(throws: ConfigurationError.self) {
                try await source(limit: .milliseconds(20), hangs: true)
                    .read(loops: { throw Unwanted() }, logger: nil, now: 0)
            }
            #expect(
                error?.description.contains("relay.yaml: reading it takes longer than 0 s, and was given up") == true)
        }
        // Read, and stopped only by what it names: there is no key in the environment.
        let error = await #expect(throws: (any Error).self) {
            try await source(limit: .seconds(30), hangs: false).read(loops: { throw Unwanted() }, logger: nil, now: 0)
        }
        #expect(!(error is ConfigurationError))
    }

    private struct Unwanted: Error {}

    @Test func whatReadingThrowsIsThrown() async {
        await #expect(throws: Unwanted.self) {
            try await ReadingInTime.value(within: .seconds(30)) { throw Unwanted() }
        }
    }

    @Test func whatWasReadIsReturned() async throws {
        #expect(try await ReadingInTime.value(within: .seconds(30)) { 7 } == 7)
    }

    @Test func aPipeAFolderAndAHugeFileAreNoConfiguration() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (pipe, huge) = ("\(folder)/pipe", "\(folder)/huge")
        #expect(mkfifo(pipe, 0o600) == 0)
        let file = open(huge, O_CREAT | O_WRONLY, 0o600)
        #expect(ftruncate(file, 1 << 40) == 0)
        close(file)
        for (path, reason) in [
            (pipe, "is not a regular file"), (folder, "is not a regular file"), (huge, "is longer than 1048576 bytes"),
        ] {
            let error = #expect(throws: ConfigurationError.self) { try Configuration(file: path, environment: [:]) }
            #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
        }
    }
}
