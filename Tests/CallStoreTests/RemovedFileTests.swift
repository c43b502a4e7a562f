// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import CallStore

/// A file that somebody removes is still there for whoever has it open, and gone with the process.
@Suite struct RemovedFileTests {
    enum Mishap: CaseIterable { case removed, movedAway, replaced }

    private static func happen(_ mishap: Mishap, to path: String) throws {
        switch mishap {
        case .removed: try FileManager.default.removeItem(atPath: path)
        case .movedAway: try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        case .replaced:
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
            try FileManager.default.copyItem(atPath: path + ".old", toPath: path)
        }
    }

    @Test(arguments: Mishap.allCases) func nothingIsAcceptedThatWouldBeLost(mishap: Mishap) async throws {
        let files = try TemporaryStore()
        let store = try files.open()
        _ = try await store.accept(.hello("1"), as: nil)
        try Self.happen(mishap, to: files.path)
        let error = await #expect(throws: StoreError.self) { try await store.accept(.hello("2"), as: nil) }
        #expect("\(try #require(error))".contains("has to be restarted"))
    }

    @Test func aFileThatIsNoDatabaseIsNamedOnce() throws {
        let files = try TemporaryStore()
        try Data("this is not a database, and too long to be taken for an empty one".utf8)
            .write(to: URL(fileURLWithPath: files.path))
        let error = #expect(throws: StoreError.self) { try files.open() }
        let words = "\(try #require(error))"
        #expect(words.hasPrefix("the store fails: \(files.path): "))
        #expect(words.split(separator: "the store fails").count == 1, "said twice: \(words)")
    }

    @Test(arguments: Mishap.allCases) func aHistoryIsBegunAnew(mishap: Mishap) async throws {
        let files = try TemporaryStore()
        let history = try files.history()
        try await history.add([.hello("1")])
        try Self.happen(mishap, to: files.historyPath)
        for file in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: files.historyPath + file) }
        try await history.add([.hello("2")])
        #expect(try await history.ids().contains("2"))
        let another = try files.history()
        #expect(try await another.ids().contains("2"), "it is in the file that is there")
    }
}
