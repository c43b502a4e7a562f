// SPDX-License-Identifier: Apache-2.0

import Foundation
import TencentCloud
import Testing

@testable import Relay

@Suite("callers in relay.yaml")
struct CallerConfigurationTests {
    private static let environment = ["FIRST_KEY": "first-secret-key", "SECOND_KEY": "second-secret-key", "TOKEN": "t"]

    private static let head = """
        listen: fd:0
        cloud: {endpoint: https://scf.tencentcloudapi.com, region: ap-guangzhou}
        functions: [{name: hello}, {name: echo}, {name: job, namespace: batch}]
        apiListen: unix:/run/scf-relay/api.sock

        """

    private static func callers(_ yaml: String) throws -> [Caller] {
        try Configuration(yaml: head + yaml, environment: environment).callers
    }

    @Test("A caller has a key, functions and a rate")
    func one() throws {
        let callers = try Self.callers(
            """
            callers:
              - name: reports
                secretId: AKIDREPORTS
                secretKey: environment:FIRST_KEY
                token: environment:TOKEN
                functions: [echo, batch/job]
                requestsPerSecond: 20
            """)
        let caller = try #require(callers.first)
        #expect(caller.name == "reports")
        #expect(
            caller.keys == [
                Credential(secretId: "AKIDREPORTS", secretKey: Secret("first-secret-key"), token: Secret("t"))
            ])
        #expect(caller.functions == [.init(name: "echo"), .init(name: "job", namespace: "batch")])
        #expect(caller.requestsPerSecond == 20)
    }

    @Test("While a key is replaced there are two, of one SecretId or of two", arguments: ["AKIDCI", "AKIDNEW"])
    func two(secondId: String) throws {
        let callers = try Self.callers(
            """
            callers:
              - name: ci
                functions: all
                keys:
                  - {secretId: AKIDCI, secretKey: "environment:FIRST_KEY"}
                  - {secretId: \(secondId), secretKey: "environment:SECOND_KEY"}
            """)
        let caller = try #require(callers.first)
        #expect(caller.keys.map(\.secretId) == ["AKIDCI", secondId])
        #expect(caller.keys.map { $0.secretKey.reveal() } == ["first-secret-key", "second-secret-key"])
        #expect(caller.functions.map(\.name) == ["hello", "echo", "job"])
        #expect(caller.requestsPerSecond == 0)
    }

    @Test("Without apiListen the door is closed")
    func closed() throws {
        let configuration = try Configuration(yaml: ConfigurationTests.shortest)
        #expect(configuration.apiListen == nil)
        #expect(configuration.callers.isEmpty)
    }

    @Test("A rate over that of the relay is right where calls go out without one")
    func rateOfInvokeFunction() throws {
        let yaml =
            Self.head.replacing("{name: hello}", with: "{name: hello, action: InvokeFunction}") + """
                callers: [{name: a, secretId: A, secretKey: "environment:FIRST_KEY", functions: [hello], requestsPerSecond: 500}]
                """
        #expect(try Configuration(yaml: yaml, environment: Self.environment).callers.first?.requestsPerSecond == 500)
    }

    struct Mistake: CustomTestStringConvertible {
        let yaml: String
        let problem: String
        var testDescription: String { problem }

        /// A caller that is right, but for `change`.
        init(_ part: String, _ other: String, _ problem: String) {
            precondition(Self.right.contains(part))
            yaml = CallerConfigurationTests.head + Self.right.replacing(part, with: other)
            self.problem = problem
        }

        init(whole yaml: String, _ problem: String) {
            self.yaml = yaml
            self.problem = problem
        }

        /// Begins in line 5.
        private static let right = """
            callers:
              - name: reports
                secretId: AKIDREPORTS
                secretKey: environment:FIRST_KEY
                functions: [hello]
                requestsPerSecond: 5
              - name: ci
                functions: all
                keys:
                  - secretId: AKIDCI
                    secretKey: environment:FIRST_KEY
                  - secretId: AKIDCI
                    secretKey: environment:SECOND_KEY
            """
    }

    static let mistakes = [
        // The key itself
        Mistake(
            "environment:FIRST_KEY\n    functions", "hunter2hunter2\n    functions",
            "line 8: 'callers.secretKey': must not hold the secret itself; write environment:NAME or file:/PATH"),
        Mistake(
            "environment:FIRST_KEY\n    functions", "environment:NO_KEY\n    functions",
            "line 8: 'callers.secretKey': the environment variable NO_KEY is not set"),
        Mistake(
            "environment:FIRST_KEY\n    functions", "environment:TOKEN\n    functions",
            "line 8: 'callers.secretKey': the secret in the environment variable TOKEN is shorter than 12 bytes"),
        Mistake(
            "environment:FIRST_KEY\n    functions", "environment:A=B\n    functions",
            "line 8: 'callers.secretKey': 'environment:' needs the name of a variable"),
        Mistake(
            "environment:FIRST_KEY\n    functions", "file:key\n    functions",
            "line 8: 'callers.secretKey': 'file:' needs an absolute path"),
        Mistake(
            "environment:FIRST_KEY\n    functions", "file:/no/such/file\n    functions",
            "line 8: 'callers.secretKey': /no/such/file does not exist"),
        Mistake(
            "environment:FIRST_KEY\n    functions", "[hunter2hunter2]\n    functions",
            "line 8: 'callers.secretKey' must be a text"),
        Mistake(
            "    requestsPerSecond: 5", "    token: hunter2hunter2",
            "line 10: 'callers.token': must not hold the secret itself"),
        Mistake(
            "    secretKey: environment:FIRST_KEY\n    functions", "    functions",
            "line 6: 'callers.secretKey' is missing; write, for example, secretKey: environment:REPORTS_KEY"),
        Mistake(
            "    secretId: AKIDREPORTS\n", "",
            "line 6: 'callers.secretId' is missing; write, for example, secretId: AKIDREPORTS"),
        Mistake("AKIDREPORTS", "AK/ID", "line 7: 'callers.secretId': secretId in the configuration must be at most"),
        // Several keys
        Mistake(
            "AKIDREPORTS", "AKIDCI", "line 14: the SecretId 'AKIDCI' is that of the caller 'reports' already"),
        Mistake(
            "environment:SECOND_KEY", "environment:FIRST_KEY", "line 16: the same key is given twice"),
        Mistake(
            "    keys:", "    secretId: AKIDCI\n    keys:",
            "line 13: 'callers.secretId' and 'callers.keys' are given; all keys belong into 'keys'"),
        Mistake(
            "      - secretId: AKIDCI\n        secretKey: environment:SECOND_KEY",
            """
                  - {secretId: AKIDCI, secretKey: "environment:SECOND_KEY"}
                  - {secretId: AKIDTHREE, secretKey: "environment:SECOND_KEY"}
            """, "line 13: 'callers.keys' must hold one key, or two while one is replaced"),
        Mistake(
            "environment:SECOND_KEY", "environment:SECOND_KEY\n        key: x",
            "line 18: 'callers.keys.key' is not a known key"),
        // Names, rights, rates
        Mistake("name: ci", "name: reports", "line 11: the caller 'reports' is given twice"),
        Mistake(
            "name: ci", "name: \"c i\"", "line 11: 'callers.name': must be 1 to 64 letters, digits, '-', '_' and '.'"),
        Mistake(
            "- name: ci\n    functions", "- functions",
            "line 11: 'callers.name' is missing; write, for example, name: reports"),
        Mistake(
            "functions: [hello]", "functions: [hello, other]",
            "line 9: the function 'default/other' is not on the list 'functions'"),
        Mistake("functions: [hello]", "functions: [job]", "line 9: the function 'default/job' is not on the list"),
        Mistake("functions: [hello]", "functions: [batch/]", "line 9: the function 'batch/' is not on the list"),
        Mistake("functions: [hello]", "functions: []", "line 9: 'callers.functions' is empty"),
        Mistake(
            "functions: [hello]", "functions: hello", "line 9: 'callers.functions' must be a list, or the word 'all'"),
        Mistake(
            "functions: [hello]", "functions: [{name: hello}]", "line 9: 'callers.functions' must be a list of words"),
        Mistake(
            "functions: [hello]", "functions: {name: hello}",
            "line 9: 'callers.functions' must be a word or a list of words"),
        Mistake(
            "    functions: [hello]\n", "",
            "line 6: 'callers.functions' is missing; write, for example, functions: [hello, "),
        Mistake(
            "requestsPerSecond: 5", "requestsPerSecond: 0",
            "line 10: 'callers.requestsPerSecond' must be a whole number from 1 to 10000"),
        Mistake(
            "requestsPerSecond: 5", "requestsPerSecond: 21",
            "line 10: 'callers.requestsPerSecond' must not be over 'limits.requestsPerSecond', which is 20"),
        Mistake("requestsPerSecond: 5", "rate: 5", "line 10: 'callers.rate' is not a known key"),
        // The door
        Mistake(whole: head, "line 4: 'apiListen' without 'callers': nobody could call"),
        Mistake(whole: head + "callers: []", "line 5: 'callers' is empty: nobody could call"),
        Mistake(whole: head + "callers: x", "line 5: 'callers' must be a list"),
        Mistake(
            whole: ConfigurationTests.shortest
                + "\ncallers: [{name: a, secretId: A, secretKey: \"environment:FIRST_KEY\", functions: all}]",
            "line 4: 'callers' without 'apiListen': there would be no door for them"),
        Mistake(
            whole: head.replacing("unix:/run/scf-relay/api.sock", with: "fd:0")
                + "callers: [{name: a, secretId: A, secretKey: \"environment:FIRST_KEY\", functions: all}]",
            "line 4: 'apiListen' must differ from 'listen'"),
        Mistake(
            whole: head + "callers: [{name: a, secretId: A, secretKey: \"environment:FIRST_KEY\", functions: all}]\n"
                + "limits: {bytesHeld: 4194304}",
            "line 4: 'apiListen' needs 'limits.bytesHeld' to be at least the size of one body: 10485760"),
    ]

    @Test("Each mistake is named with its line, and no secret with it", arguments: mistakes)
    func mistake(_ mistake: Mistake) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(yaml: mistake.yaml, environment: Self.environment)
        }
        let problems = try #require(error).problems.map(\.description)
        #expect(problems.count == 1 && problems[0].hasPrefix(mistake.problem), "\(problems)")
        #expect(!problems.joined().contains("hunter2") && !problems.joined().contains("secret-key"))
    }
}

@Suite("Keys in files")
final class SecretFileTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "secrets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func secret(_ content: String, mode: Int = 0o600) throws -> Secret {
        let path = folder.appending(path: UUID().uuidString).path
        try Data(content.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return try SecretReference("file:\(path)").secret(in: [:], minimumBytes: 4)
    }

    @Test("A key is the file's text, without the line break at its end", arguments: ["", "\n", "\r\n"])
    func lineBreak(end: String) throws {
        #expect(try secret("hunter2\(end)").reveal() == "hunter2")
    }

    @Test(
        "What is no key is refused, and not repeated",
        arguments: [
            ("", "empty"), ("\n", "empty"), ("hunter2\n\n", "white space"), (" hunter2", "white space"),
            ("abc", "shorter"),
            ("hun\nter2", "visible ASCII"), (String(repeating: "x", count: 8_193), "longer"),
            (String(repeating: "x", count: 100_000), "longer"),
        ])
    func refused(content: String, words: String) {
        let problem = #expect(throws: ConfigurationProblem.self) { try self.secret(content) }
        #expect(problem?.message.contains(words) == true, "\(problem?.message ?? "")")
        #expect(problem?.message.contains("ter2") == false)
    }

    @Test(
        "A file that everybody may read, or others write, is refused as ssh refuses it",
        arguments: [0o600, 0o400, 0o640, 0o440])
    func rightModes(mode: Int) throws {
        #expect(try secret("hunter2", mode: mode).reveal() == "hunter2")
    }

    @Test("… in any of its modes", arguments: [0o644, 0o604, 0o602, 0o660, 0o620, 0o666, 0o777])
    func wrongModes(mode: Int) {
        let problem = #expect(throws: ConfigurationProblem.self) { try self.secret("hunter2", mode: mode) }
        #expect(problem?.message.contains("mode \(String(mode, radix: 8))") == true)
        #expect(problem?.message.contains("600") == true)
    }

    @Test("A folder, a device and a file that is not there are no keys", arguments: ["/tmp", "/dev/zero", "/no/such"])
    func others(path: String) throws {
        let reference = try SecretReference("file:\(path)")
        let problem = #expect(throws: ConfigurationProblem.self) { try reference.secret(in: [:]) }
        #expect(problem?.message.hasPrefix(path) == true)
    }
}
