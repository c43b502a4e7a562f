// SPDX-License-Identifier: Apache-2.0

import CallStore
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
    ])
    func mistakesAreNamed(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(text) }
        #expect("\(String(describing: error))".contains(message), "\(String(describing: error))")
    }
}
