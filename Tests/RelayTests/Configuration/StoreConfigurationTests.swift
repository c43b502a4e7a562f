// SPDX-License-Identifier: Apache-2.0

import CallStore
import Testing

@testable import Relay

/// `store:`, `callbacks:` and a hook's `callback:`.
@Suite struct StoreConfigurationTests {
    static let rest = """
        listen: tcp:127.0.0.1:9001
        cloud: {endpoint: "https://scf.tencentcloudapi.com", region: ap-guangzhou}
        functions: [{name: hello}]

        """
    static let environment = [
        "TOKEN": "a-token-of-the-sender", "KEY": "whsec_Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M=",
        "SHORT": "whsec_Y2Nj",
    ]

    static func hook(_ more: String) -> String {
        "hooks: [{name: push, function: hello, verify: bearer, secrets: [environment:TOKEN], \(more)}]\n"
    }

    private func read(_ text: String) throws -> Configuration {
        try Configuration(yaml: Self.rest + text, environment: Self.environment)
    }

    @Test func withoutItThereIsNoStore() throws {
        #expect(try read("").store == nil)
    }

    @Test func everyKeyIsTaken() throws {
        let store = try read(
            """
            store: {path: /var/lib/calls.db, maximumCalls: 5, maximumBytes: 2097152, keepDays: 3, retryHours: 4,
              deliveriesAtOnce: 6}
            """
        ).store
        var right = Configuration.StoreSettings(path: "/var/lib/calls.db")
        right.limits.calls = 5
        right.limits.bytes = 2_097_152
        right.limits.keepDays = 3
        right.retryHours = 4
        right.deliveriesAtOnce = 6
        #expect(store == right)
    }

    @Test func aCallbackHasItsAddressAndSecret() throws {
        let configuration = try read(
            "store: {path: calls.db}\ncallbacks: {origins: [\"https://ci.example.com\"], networks: [10.0.0.0/8]}\n"
                + Self.hook("answer: accepted, callback: {url: \"https://ci.example.com/r\", secret: environment:KEY}"))
        #expect(configuration.hooks.first?.rules.callback == "https://ci.example.com/r")
        #expect(configuration.callbackSecrets.keys.sorted() == ["push"])
    }

    @Test(arguments: [
        ("store: {}", "'store.path' is missing"),
        ("store: {path: \":memory:\"}", "must be the path of a file"),
        ("store: {path: a, keepDays: 0}", "from 1 to 3650"),
        ("store: {path: a, maximum: 1}", "not a known key"),
        (hook("answer: accepted"), "'answer: accepted' needs 'store'"),
        ("callbacks: {origins: [\"https://a.example/path\"]}", "is no origin"),
        ("callbacks: {networks: [10.0.0.0/99]}", "is no network"),
        (
            "store: {path: a}\n"
                + hook("answer: accepted, callback: {url: \"https://b.example/\", secret: environment:KEY}"),
            "not on the list 'callbacks.origins'"
        ),
        (
            "store: {path: a}\ncallbacks: {origins: [\"https://b.example\"]}\n"
                + hook("answer: accepted, callback: {url: \"https://b.example/\", secret: environment:SHORT}"),
            "at least 24"
        ),
        (
            "callbacks: {origins: [\"https://b.example\"]}\n"
                + hook("callback: {url: \"https://b.example/\", secret: environment:KEY}"),
            "is for 'answer: accepted'"
        ),
    ])
    func mistakesAreNamed(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try read(text) }
        #expect("\(String(describing: error))".contains(message), "\(String(describing: error))")
    }
}
