// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import WebhookSignatures

@testable import Relay

@Suite("hooks: in relay.yaml")
struct HookConfigurationTests {
    @Test("A hook in its shortest form")
    func shortest() throws {
        let hook = try #require(
            try TestHooks.configuration(
                "{name: deploy, function: hello, verify: github, secrets: [environment:SECRET]}"
            )
            .hooks.first)
        #expect(hook.name == "deploy" && hook.path == "/hooks/deploy")
        #expect(hook.function == HookFunction(name: "hello"))
        #expect(hook.verification.sender == .github && hook.verification.addresses == nil)
        #expect(hook.verification.secrets.map(\.id) == ["SECRET"])
        #expect(hook.verification.secrets.map { $0.reveal() } == [TestHooks.secret])
        #expect(hook.answer == .result && hook.failureStatus == nil)
        #expect(hook.deliveryId == .header("X-GitHub-Delivery"))
        #expect(hook.rules == DeliveryRules())
        guard case .body = hook.context else {
            Issue.record("the context is not body")
            return
        }
    }

    @Test("A secret in a file: what stands in it, without the line break")
    func file() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("hook-\(UUID().uuidString)")
        try Data("It's a Secret to Everybody\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let hook = try #require(
            try TestHooks.configuration(
                "{name: d, function: hello, verify: github, secrets: [{id: \"2025-11\", from: \"file:\(file.path)\"}]}"
            ).hooks.first)
        #expect(hook.verification.secrets.map { $0.reveal() } == ["It's a Secret to Everybody"])
        #expect(hook.verification.secrets.map(\.id) == ["2025-11"])
    }

    static let github = "verify: github, secrets: [environment:SECRET]"

    static let mistakes: [(hook: String, problems: [String])] = [
        // Who may send
        ("name: h, function: hello", ["'hooks.verify' is missing; write, for example, verify: github"]),
        ("name: h, function: hello, verify: \"\"", ["'hooks.verify' must be a text, or hold keys and values"]),
        (
            "name: h, function: hello, verify: GitHub",
            ["'hooks.verify': 'GitHub' is not known; known are 'standard-webhooks', "]
        ),
        (
            "name: h, function: hello, verify: github",
            ["'hooks.secrets' is missing; write, for example, secrets: [environment:DEPLOY_HOOK_SECRET]"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: []",
            ["'hooks.secrets' must be a list with something in it"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: [my-secret-in-the-file]",
            ["'hooks.secrets': must not hold the secret itself; write environment:NAME or file:/PATH"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: [environment:NOT_SET]",
            ["'hooks.secrets': the environment variable NOT_SET is not set"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: [\"file:/no/such/file\"]",
            ["'hooks.secrets': /no/such/file does not exist"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: [environment:SHORT]",
            ["'hooks.secrets': the secret 'SHORT' has 5 bytes; at least 16 are needed"]
        ),
        (
            "name: h, function: hello, verify: basic, secrets: [environment:SECRET]",
            ["'hooks.secrets': the secret 'SECRET' must be NAME:PASSWORD"]
        ),
        (
            "name: h, function: hello, verify: standard-webhooks, secrets: [environment:SECRET]",
            ["'hooks.secrets': the secret 'SECRET' must be whsec_ and Base64"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: [environment:SECRET, {id: SECRET, from: environment:OLD}]",
            ["'hooks.secrets': the id 'SECRET' is given twice"]
        ),
        (
            "name: h, function: hello, verify: github, secrets: [{id: a, form: environment:OLD}]",
            ["'hooks.secrets.from' is missing", "'hooks.secrets.form' is not a known key; known here: from, id"]
        ),
        (
            "name: h, function: hello, verify: none",
            ["'verify: none' needs 'allow', a list of addresses: without either, anybody could run the function"]
        ),
        ("name: h, function: hello, verify: none, allow: []", ["'hooks.allow' must be a list with something in it"]),
        (
            "name: h, function: hello, verify: none, allow: [10.0.0.0/33]",
            ["'hooks.allow': '10.0.0.0/33' needs a number from 0 to 32"]
        ),
        (
            "name: h, function: hello, verify: none, allow: [10.0.0.1/8]",
            ["'hooks.allow': '10.0.0.1/8' has bits behind its first 8"]
        ),
        (
            "name: h, function: hello, verify: none, allow: [localhost]",
            ["'hooks.allow': 'localhost' is no address and no net"]
        ),
        (
            "name: h, function: hello, verify: none, allow: [127.0.0.1], secrets: [environment:SECRET]",
            ["'hooks.secrets' means nothing with 'verify: none'"]
        ),
        ("name: h, function: hello, verify: hmac, secrets: [environment:SECRET]", ["'verify: hmac' needs every part"]),
        (
            "name: h, function: hello, verify: {scheme: hmac}, secrets: [environment:SECRET]",
            [
                "'hooks.verify.header' is missing", "'hooks.verify.algorithm' is missing",
                "'hooks.verify.encoding' is missing",
                "'hooks.verify.signedText' is missing",
            ]
        ),
        (
            "name: h, function: hello, verify: {scheme: hmac, header: X-S, algorithm: md5, encoding: hex, signedText: \"{body}\"}, secrets: [environment:SECRET]",
            ["'hooks.verify.algorithm': 'md5' is not known; it must be 'sha1' or 'sha256' or 'sha512'"]
        ),
        (
            "name: h, function: hello, verify: {scheme: hmac, header: X-S, algorithm: sha256, encoding: hex, signedText: \"{timestamp}\"}, secrets: [environment:SECRET]",
            ["'hooks.verify.signedText': {body} is missing: the body must be signed"]
        ),
        (
            "name: h, function: hello, verify: {scheme: hmac, header: X-S, algorithm: sha256, encoding: hex, signedText: \"{body}\", timestampHeader: X-T}, secrets: [environment:SECRET]",
            ["'timestampHeader' and {timestamp} in 'signedText' belong together"]
        ),
        (
            "name: h, function: hello, verify: {scheme: hmac, header: X-S, algorithm: sha256, encoding: hex, signedText: \"{id}{body}\"}, secrets: [environment:SECRET]",
            ["'idHeader' and {id} in 'signedText' belong together"]
        ),
        (
            "name: h, function: hello, verify: {scheme: github, windowSeconds: 5}, secrets: [environment:SECRET]",
            ["'hooks.verify.windowSeconds' is not a known key; known here: scheme"]
        ),
        (
            "name: h, function: hello, verify: {scheme: slack, windowSeconds: 0}, secrets: [environment:SECRET]",
            ["'hooks.verify.windowSeconds' must be a whole number from 1 to 86400"]
        ),
        // What runs, and what it gets
        ("function: hello, \(github)", ["'hooks.name' is missing; write, for example, name: deploy"]),
        (
            "name: a/b, function: hello, \(github)",
            ["'hooks.name': must be 1 to 64 letters, digits, '-', '_' and '.', the first no '.'"]
        ),
        ("name: .., function: hello, \(github)", ["'hooks.name': must be 1 to 64 letters"]),
        ("name: h, \(github)", ["'hooks.function' is missing; write, for example, function: deploy"]),
        ("name: h, function: other, \(github)", ["the function 'default/other' is not on the list 'functions'"]),
        (
            "name: h, function: hello, namespace: test, \(github)",
            ["the function 'test/hello' is not on the list 'functions'"]
        ),
        (
            "name: h, function: hello, invocationType: Later, \(github)",
            ["'hooks.invocationType': 'Later' is not known"]
        ),
        (
            "name: h, function: hello, context: all, \(github)",
            ["'hooks.context' must be 'body', 'envelope' or {template: …}"]
        ),
        ("name: h, function: hello, context: {}, \(github)", ["'hooks.context.template' is missing"]),
        (
            "name: h, function: hello, context: {template: {}}, \(github)",
            ["'hooks.context.template' must hold names and values"]
        ),
        (
            "name: h, function: hello, context: {template: {a: \"header:Authorization\"}}, \(github)",
            ["'hooks.context.template': 'Authorization' may hold a secret, and is given to no function"]
        ),
        (
            "name: h, function: hello, context: {template: {a: \"body:x\"}}, \(github)",
            ["'hooks.context.template': 'body:x': a JSON pointer begins with '/'"]
        ),
        (
            "name: h, function: hello, context: {template: {a: \"$.x\"}}, \(github)",
            ["'hooks.context.template': '$.x' is none of body:/POINTER, header:NAME, query:NAME and text:ANYTHING"]
        ),
        // What is answered
        (
            "name: h, function: hello, answer: later, \(github)",
            ["'hooks.answer': 'later' is not known; it must be 'result' or 'accepted'"]
        ),
        (
            "name: h, function: hello, idempotent: yes, \(github)",
            ["'hooks.idempotent': 'yes' is neither true nor false"]
        ),
        (
            "name: h, function: hello, failureStatus: 100, \(github)",
            ["'hooks.failureStatus' must be a whole number from 200 to 599"]
        ),
        (
            "name: h, function: hello, id: \"query:x\", \(github)",
            ["'hooks.id': must be header:NAME, body:/POINTER or none"]
        ),
        (
            "name: h, function: hello, colour: red, \(github)",
            ["'hooks.colour' is not a known key; known here: allow, answer, "]
        ),
    ]

    @Test("Mistakes are told in words, with their line", arguments: mistakes.indices)
    func mistake(index: Int) {
        let (hook, problems) = Self.mistakes[index]
        let yaml = ConfigurationTests.shortest + "\nhooks:\n  - {\(hook)}"
        let environment = TestHooks.environment.merging(["SHORT": "short"]) { $1 }
        let error = #expect(throws: ConfigurationError.self) { try Configuration(yaml: yaml, environment: environment) }
        let found = error?.problems ?? []
        #expect(found.count == problems.count, "\(found)")
        for (found, expected) in zip(found, problems) {
            #expect(found.message.hasPrefix(expected), "\(found)")
            #expect(found.line == 5)
            #expect(!found.message.contains(TestHooks.secret) && !found.message.contains("my-secret"))
        }
    }

    @Test("A name is given once")
    func names() {
        let hook = "{name: h, function: hello, \(Self.github)}"
        let error = #expect(throws: ConfigurationError.self) { try TestHooks.configuration(hook, hook) }
        #expect(error?.problems.map(\.description) == ["line 7: the hook 'h' is given twice"])
    }

    @Test("docs/webhooks.md shows hooks that are right")
    func documentation() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/webhooks.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let examples = text.matches(of: /```yaml\n((?s).*?)```/).map { String($0.output.1) }
        #expect(examples.count > 8)
        var environment: [String: String] = [:]
        for match in text.matches(of: /environment:([A-Z_0-9]+)/) {
            environment[String(match.output.1)] = "0123456789abcdef0123456789abcdef"
        }
        for name in environment.keys where name.contains("BASIC") { environment[name] = "name:password" }
        for name in environment.keys where name.contains("STANDARD") {
            environment[name] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        }
        for example in examples {
            let functions = Set(example.matches(of: /function: ([a-z-]+)/).map { String($0.output.1) })
            let list = functions.map { "{name: \($0)}" }.joined(separator: ", ")
            let head = """
                listen: fd:0
                cloud: {endpoint: https://scf.tencentcloudapi.com, region: ap-guangzhou}
                store: {path: /nowhere/calls.db}
                functions: [\(list)]

                """
            #expect(throws: Never.self, "\(example)") {
                try Configuration(yaml: head + example, environment: environment)
            }
        }
    }
}
