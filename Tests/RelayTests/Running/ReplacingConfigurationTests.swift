// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite("A configuration that takes the place of another")
struct ReplacingConfigurationTests {
    private static let rest = """
        cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou}
        functions: [{name: hello}]

        """
    private static let callers = "callers: [{name: a, secretId: AKIDA, secretKey: 'environment:KEY', functions: all}]\n"

    struct Pair: CustomTestStringConvertible {
        let old: String
        let new: String
        /// What the problems begin with.
        let problems: [String]

        var testDescription: String { "\(old) -> \(new)" }
    }

    static let pairs = [
        Pair(old: "listen: fd:0\n", new: "listen: fd:0\nlimits: {inFlight: 3}\n", problems: []),
        Pair(
            old: "listen: unix:/run/a.sock\n", new: "listen: unix:/run/b.sock\n",
            problems: ["'listen' was unix:/run/a.sock and is now unix:/run/b.sock: that takes a restart"]),
        Pair(
            old: "listen: fd:0\n", new: "listen: fd:0\napiListen: fd:1\n" + callers,
            problems: ["'apiListen' was not there and is now fd:1: that takes a restart"]),
        Pair(
            old: "listen: fd:0\napiListen: fd:1\n" + callers, new: "listen: fd:0\n",
            problems: ["'apiListen' was fd:1 and is now not there: that takes a restart"]),
        Pair(
            old: "listen: fd:0\nstore: {path: /a.db}\n", new: "listen: fd:0\nstore: {path: /b.db}\n",
            problems: ["'store.path' was /a.db and is now /b.db: that takes a restart"]),
        Pair(
            old: "listen: fd:0\nstore: {path: /a.db}\n", new: "listen: fd:1\n",
            problems: [
                "'listen' was fd:0 and is now fd:1: that takes a restart",
                "'store.path' was /a.db and is now not there: that takes a restart",
            ]),
        Pair(
            old: "listen: fd:0\nstore: {path: /a.db}\n", new: "listen: fd:0\nstore: {path: /a.db, keepDays: 3}\n",
            problems: []),
    ]

    @Test("What takes a restart is refused by name, everything else is taken", arguments: pairs)
    func replacing(pair: Pair) throws {
        let environment = ["KEY": "a-long-enough-key"]
        let old = try Configuration(yaml: pair.old + Self.rest, environment: environment)
        let new = try Configuration(yaml: pair.new + Self.rest, environment: environment)
        var problems: [String] = []
        do throws(ConfigurationError) {
            try new.checkThatItCanReplace(old, file: "relay.yaml")
        } catch {
            problems = error.problems.map(\.message)
        }
        #expect(problems == pair.problems)
    }
}
