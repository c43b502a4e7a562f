// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite("Mistakes in relay.yaml")
struct ConfigurationMistakeTests {
    struct Mistake: CustomTestStringConvertible {
        let yaml: String
        /// How the problems begin.
        let problems: [String]

        init(_ yaml: String, _ problems: String...) {
            self.yaml = yaml
            self.problems = problems
        }

        var testDescription: String { problems.joined(separator: "; ") }
    }

    private static let socket = "unix:/run/scf-relay/relay.sock"

    /// The complete file with something wrong in it.
    private static func replacing(_ part: String, _ other: String) -> String {
        precondition(ConfigurationTests.complete.contains(part))
        return ConfigurationTests.complete.replacing(part, with: other)
    }

    static let mistakes = [
        // The file as a whole
        Mistake("", "is empty"), Mistake("# nothing\n", "is empty"),
        Mistake("text", "line 1: the file must hold keys and values"),
        Mistake("- a\n", "line 1: the file must hold keys and values"),
        Mistake(ConfigurationTests.complete + "\n---\nlisten: fd:1\n", "line 19: holds a second document"),
        Mistake("listen: fd:0\n\tcloud:", "line 2: is not YAML: "),
        Mistake("listen: [\n", "line 2: is not YAML: "),
        Mistake("listen: \"\n", "line 2: is not YAML: "),
        Mistake("listen: *unknown\n", "line 1: is not YAML: "),
        Mistake("listen: a\u{0}b", "is not YAML: "),
        // Keys
        Mistake(
            ConfigurationTests.complete + "\nextra: 1",
            "line 19: 'extra' is not a known key; known here: apiEndpoint, apiListen, callbacks, callers, "),
        Mistake(
            replacing("  region:", "  Region:"),
            "line 3: 'cloud.region' is missing; write, for example, region: ap-guangzhou",
            "line 4: 'cloud.Region' is not a known key; known here: action, credentials, endpoint, metadata, region, "),
        Mistake(replacing("  inFlight:", "  inflight:"), "line 10: 'limits.inflight' is not a known key; known here: "),
        Mistake(
            replacing("    description:", "    text:"),
            "line 17: 'functions.text' is not a known key; known here: action, description, memory, name, namespace"),
        Mistake(
            ConfigurationTests.complete + "\nlisten: fd:0",
            "line 19: 'listen' is given twice, first on line 1 (column 1)"),
        Mistake(
            replacing("  inFlight: 7", "  queueSeconds: 7"), "line 11: 'queueSeconds' is given twice, first on line 10"),
        Mistake(ConfigurationTests.complete + "\n? [a]\n: b", "line 19: a key must be a plain word (column 3)"),
        Mistake("a: &a [x]\n? *a\n: b", "line 2: a key must be a plain word (column 3)"),
        Mistake(
            ConfigurationTests.complete + "\n  - {name: hello, namespace: test}",
            "line 19: the function 'test/hello' is given twice"),
        // Values
        Mistake(
            replacing("credentials: file", "action: invoke"),
            "line 5: 'cloud.action': 'invoke' is not known; it must be 'Invoke' or 'InvokeFunction'"),
        Mistake(
            replacing("    namespace: test", "    action: Event"),
            "line 16: 'functions.action': 'Event' is not known; it must be 'Invoke' or 'InvokeFunction'"),
        Mistake(
            replacing("  - name: echo", "  - {name: echo, action: }"), "line 18: 'functions.action' must be a text"),
        Mistake(
            replacing("credentials: file", "credentials: File"),
            "line 5: 'cloud.credentials': 'File' is not known; it must be 'environment' or 'file' or 'role' or 'sdk'"
        ),
        Mistake(
            replacing("credentials: file", "metadata: http://127.0.0.1:80"),
            "line 5: 'cloud.metadata' is for 'credentials: role' and 'credentials: sdk' alone"),
        Mistake(
            replacing("credentials: file", "credentials: role\n  metadata: 127.0.0.1"),
            "line 6: 'cloud.metadata': '127.0.0.1' must begin with https://"),
        Mistake(replacing(socket, "/run/relay.sock"), "line 1: 'listen': '/run/relay.sock' has no scheme"),
        Mistake(replacing(socket, "unix:relay.sock"), "line 1: 'listen': unix:relay.sock needs an absolute path"),
        Mistake(replacing(socket, "[a]"), "line 1: 'listen' must be a text"),
        Mistake(replacing(socket, "\"\""), "line 1: 'listen' must not be empty"),
        Mistake(replacing(socket, ""), "line 1: 'listen' must be a text"),
        Mistake(
            replacing("http://127.0.0.1:9000", "scf.tencentcloudapi.com"),
            "line 3: 'cloud.endpoint': 'scf.tencentcloudapi.com' must begin with https://"),
        Mistake(replacing("http://127.0.0.1:9000", "https://u:p@host/"), "line 3: 'cloud.endpoint': "),
        Mistake(replacing("ap-shanghai", "Shanghai"), "line 4: 'cloud.region': Region is wrong at character 1"),
        Mistake(
            replacing("ap-shanghai", "\"ap\\r\\nX-Evil: 1\""), "line 4: 'cloud.region': Region is wrong at character 3"),
        Mistake(
            replacing("name: echo", "name: 9lives"), "line 18: 'functions.name': FunctionName is wrong at character 1"),
        Mistake(
            replacing("namespace: test", "namespace: no good"),
            "line 16: 'functions.namespace': Namespace is wrong at character 3"),
        Mistake(
            replacing("clientContextBytes: 2048", "clientContextBytes: 262145"),
            "line 12: 'limits.bytesHeld' must be at least four times clientContextBytes: 1048580"),
        // What is missing
        Mistake(
            "cloud: 1",
            "line 1: 'listen' is missing; write, for example, listen: unix:/run/scf-relay/relay.sock",
            "line 1: 'cloud' must hold keys and values",
            "line 1: 'functions' is missing; write, for example, functions: [{name: hello}]"),
        Mistake(
            "listen: fd:0\nfunctions: []",
            "line 1: 'cloud' is missing; write, for example, cloud: {endpoint: https://",
            "line 2: 'functions' is empty: nothing could be called"),
        Mistake(
            replacing("name: echo", "description: no name"),
            "line 18: 'functions.name' is missing; write, for example, name: hello"),
        Mistake(
            ConfigurationTests.shortest.replacing("[{name: hello}]", with: "hello"),
            "line 3: 'functions' must be a list"),
        Mistake(
            ConfigurationTests.shortest.replacing("{name: hello}", with: "hello"),
            "line 3: 'functions' must hold keys and values"),
        // Several at once, in the order of their lines
        Mistake(
            replacing("timeoutSeconds: 60", "timeoutSeconds: 0").replacing("inFlight: 7", with: "inFlight: x")
                .replacing("name: echo", with: "nam: echo").replacing("ap-shanghai", with: "~"),

            "line 4: 'cloud.region': Region is wrong", "line 6: 'cloud.timeoutSeconds' must be",
            "line 10: 'limits.inFlight' must be", "line 18: 'functions.", "line 18: 'functions."),
    ]

    @Test("Each mistake is named, with its line and what would be right", arguments: mistakes)
    func named(mistake: Mistake) throws {
        let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: mistake.yaml) }
        let problems = try #require(error).problems.map(\.description)
        #expect(problems.count == mistake.problems.count, "\(problems)")
        for (problem, expected) in zip(problems, mistake.problems) {
            #expect(problem.hasPrefix(expected), "\(problem)")
        }
        #expect(try #require(error).description.hasPrefix("relay.yaml: \(mistake.problems.first ?? "")"))
    }
}
