// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Foundation
import Invocation
import Testing

@testable import Relay

@Suite("relay.yaml")
struct ConfigurationTests {
    static let complete = """
        listen: unix:/run/scf-relay/relay.sock
        cloud:
          endpoint: http://127.0.0.1:9000
          region: ap-shanghai
          credentials: file
          timeoutSeconds: 60
        limits:
          clientContextBytes: 2048
          requestsPerSecond: 0
          inFlight: 7
          queueSeconds: 0
          bytesHeld: 1048576
          drainSeconds: 0
        functions:
          - name: hello
            namespace: test
            description: "says: hello"
          - name: echo
        """

    static let shortest = """
        listen: fd:0
        cloud: {endpoint: https://scf.tencentcloudapi.com, region: ap-guangzhou}
        functions: [{name: hello}]
        """

    @Test("A complete file says everything")
    func everything() throws {
        let configuration = try Configuration(yaml: Self.complete)
        #expect(configuration.listen == .unix(path: "/run/scf-relay/relay.sock"))
        #expect(configuration.cloud.endpoint.url == "http://127.0.0.1:9000/")
        #expect(configuration.cloud.region == "ap-shanghai")
        #expect(configuration.cloud.credentials == .file)
        #expect(configuration.cloud.timeoutSeconds == 60)
        #expect(configuration.limits.clientContextBytes == 2048)
        #expect(configuration.load.requestsPerSecond == 0)
        #expect(configuration.load.inFlight == 7)
        #expect(configuration.load.queueSeconds == 0)
        #expect(configuration.load.bytesHeld == 1_048_576)
        #expect(configuration.load.drainSeconds == 0)
        #expect(
            configuration.functions == [
                .init(name: "hello", namespace: "test", description: "says: hello"), .init(name: "echo"),
            ])
    }

    @Test("The form of the log, and the memory of functions, which is only counted with")
    func watching() throws {
        let yaml = Self.complete
        #expect(try Configuration(yaml: yaml).log.format == .json)
        #expect(try Configuration(yaml: yaml + "\nlog: {format: text}").log.format == .text)
        let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: yaml + "\nlog: {format: xml}") }
        #expect(error?.description.contains("'xml' is not known; it must be 'json' or 'text'") == true)
        let memory = yaml.replacing("  - name: hello\n", with: "  - name: hello\n    memory: 128\n")
        #expect(try Configuration(yaml: memory).functions.map(\.memory).contains(128))
    }

    @Test("The action is the same for all functions, but for those that name another")
    func actions() throws {
        let yaml = """
            listen: fd:0
            cloud: {endpoint: https://scf.tencentcloudapi.com, region: ap-guangzhou, action: InvokeFunction}
            functions:
              - {name: hello}
              - {name: slow, action: Invoke}
              - {name: slow, namespace: test}
            """
        let actions = try Configuration(yaml: yaml).actions
        func action(_ pairs: [(name: String, value: String)]) throws -> InvokeAction {
            actions.action(for: try InvokeRequest(parameters: pairs, limits: Limits()))
        }
        #expect(try action([("FunctionName", "hello")]) == .invokeFunction)
        #expect(try action([("FunctionName", "slow")]) == .invoke)
        #expect(try action([("FunctionName", "slow"), ("Namespace", "default")]) == .invoke)
        #expect(try action([("FunctionName", "slow"), ("Namespace", "test")]) == .invokeFunction)
        #expect(try action([("FunctionName", "hello"), ("InvocationType", "Event")]) == .invoke)
        #expect(try Configuration(yaml: Self.complete).actions == ActionChoice(.invoke))
    }

    @Test("What is left out has the documented default", arguments: [shortest, shortest + "\nlimits:\n"])
    func defaults(yaml: String) throws {
        let configuration = try Configuration(yaml: yaml)
        #expect(configuration.listen == .descriptor(0))
        #expect(configuration.cloud.credentials == .environment)
        #expect(configuration.cloud.timeoutSeconds == 310)
        #expect(configuration.limits == Limits())
        #expect(configuration.load.requestsPerSecond == 20)
        #expect(configuration.load.inFlight == 512)
        #expect(configuration.load.queueSeconds == 5)
        #expect(configuration.load.bytesHeld == 536_870_912)
        #expect(configuration.load.drainSeconds == 330)
    }

    @Test("docs/configuration.md shows a file that is right")
    func documentation() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/configuration.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let example = try #require(text.firstMatch(of: /```yaml\n((?s).*?)```/)).output.1
        _ = try Configuration(yaml: String(example))
    }

    static let ranges: [(section: String, key: String, range: ClosedRange<Int>)] = [
        ("cloud", "timeoutSeconds", 1...86_400), ("limits", "clientContextBytes", 1...6_291_456),
        ("limits", "requestsPerSecond", 0...10_000), ("limits", "inFlight", 1...100_000),
        ("limits", "queueSeconds", 0...300), ("limits", "bytesHeld", 1_048_576...68_719_476_736),
        ("limits", "drainSeconds", 0...86_400),
    ]

    @Test("Each number has its range", arguments: ranges)
    func range(section: String, key: String, range: ClosedRange<Int>) throws {
        let others = key == "bytesHeld" ? ", clientContextBytes: 1" : ""
        func yaml(_ value: String) -> String {
            section == "cloud"
                ? Self.shortest.replacing("ap-guangzhou}", with: "ap-guangzhou, \(key): \(value)}")
                : Self.shortest + "\nlimits: {\(key): \(value)\(others)}"
        }
        _ = try Configuration(yaml: yaml("\(range.lowerBound)"))
        _ = try Configuration(yaml: yaml("\(range.upperBound)"))
        let wrong = [
            "\(range.lowerBound - 1)", "\(range.upperBound + 1)", "many", "1.5", "1e3", "true", "", "~", "[1]",
            "{a: 1}",
            "99999999999999999999",
        ]
        for value in wrong {
            let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: yaml(value)) }
            let words = "'\(section).\(key)' must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            #expect(
                error?.problems == [ConfigurationProblem(words, line: section == "cloud" ? 2 : 4)], "\(value)")
        }
    }

    @Test("A file is read; one that cannot be read is said to be so")
    func files() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("relay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ content: Data) throws -> String {
            let path = folder.appendingPathComponent(name).path
            try content.write(to: URL(fileURLWithPath: path))
            return path
        }
        let comment = Data("#".utf8) + Data(repeating: UInt8(ascii: "x"), count: 1 << 20)
        #expect(
            try Configuration(file: try file("right", Data(Self.shortest.utf8)), environment: [:]).cloud.region
                == "ap-guangzhou")
        let rows = [
            (folder.appendingPathComponent("none").path, "does not exist"), (folder.path, "is not a regular file"),
            ("/dev/zero", "is not a regular file"), (try file("empty", Data()), "is empty"),
            (try file("latin", Data([0x61, 0x3A, 0x20, 0xE4])), "is not UTF-8"),
            (try file("large", comment), "is longer than 1048576 bytes"),
        ]
        for (path, words) in rows {
            let error = #expect(throws: ConfigurationError.self) { try Configuration(file: path, environment: [:]) }
            #expect(error?.description == "\(path): \(words)")
        }
    }
}
