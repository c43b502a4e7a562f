// SPDX-License-Identifier: Apache-2.0

import CallStore
import Foundation
import Testing

@testable import Relay

/// `history:`.
@Suite struct HistoryConfigurationTests {
    private func read(_ text: String) throws -> Configuration {
        try Configuration(yaml: StoreConfigurationTests.rest + text)
    }

    @Test func withoutItThereIsNoHistory() throws {
        #expect(try read("").history == nil)
    }

    @Test func payloadsAreNotKeptUnlessSaidSo() throws {
        let history = try read("history: {path: /var/lib/history.db}").history
        #expect(history == Configuration.HistorySettings(path: "/var/lib/history.db"))
        #expect(history?.payloads == false)
    }

    @Test func everyKeyIsTaken() throws {
        let history = try read(
            "history: {path: h.db, maximumCalls: 5, maximumBytes: 2097152, keepDays: 3, payloads: true}"
        ).history
        var right = Configuration.HistorySettings(path: "h.db")
        right.limits.calls = 5
        right.limits.bytes = 2_097_152
        right.limits.keepDays = 3
        right.payloads = true
        #expect(history == right)
    }

    @Test(arguments: [
        ("history: {}", "line 4: 'history.path' is missing"),
        ("history: {path: \":memory:\"}", "must be the path of a file"),
        ("history: {path: a, keepDays: 0}", "line 4: 'history.keepDays' must be a whole number from 1 to 3650"),
        ("history: {path: a, payloads: yes}", "line 4: 'history.payloads': 'yes' is neither true nor false"),
        ("history:\n  path: a\n  payload: true", "line 6: 'history.payload' is not a known key"),
        ("store: {path: a}\nhistory: {path: a}", "line 5: 'history.path' must differ from 'store.path'"),
        (
            "store: {path: /tmp/a.db}\nhistory: {path: /tmp/../tmp/./a.db}",
            "line 5: 'history.path' must differ from 'store.path': both are "
        ),
    ])
    func mistakesAreNamed(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(text) }
        #expect("\(String(describing: error))".contains(message), "\(String(describing: error))")
    }

    @Test(arguments: [
        ("folder/a.db", "link/a.db", true), ("folder/there.db", "other.db", true),
        ("folder/a.db", "folder/b.db", false), ("folder/a.db", "a.db", false), ("none/a.db", "none/./a.db", false),
    ])
    func aFileHasOneNameHoweverItIsReached(store: String, history: String, isOne: Bool) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory.appending(path: "paths-\(UUID().uuidString)").path
        try files.createDirectory(atPath: folder + "/folder", withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        try Data().write(to: URL(filePath: folder + "/folder/there.db"))
        try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "folder")
        try files.createSymbolicLink(atPath: folder + "/other.db", withDestinationPath: "folder/there.db")
        let text = "store: {path: \(folder)/\(store)}\nhistory: {path: \(folder)/\(history)}"
        if isOne {
            let error = #expect(throws: ConfigurationError.self) { try self.read(text) }
            #expect("\(String(describing: error))".contains("must differ from 'store.path': both are"))
        } else {
            #expect(try read(text).history?.path == "\(folder)/\(history)")
        }
    }
}
