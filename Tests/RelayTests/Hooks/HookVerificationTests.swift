// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Testing

@testable import Relay

@Suite("Who may send to a hook")
struct HookVerificationTests {
    static let verifications = [
        "verify: github, secrets: [environment:SECRET]", "verify: gitlab, secrets: [environment:SECRET]",
        "verify: grafana, secrets: [environment:SECRET]", "verify: alertmanager, secrets: [environment:SECRET]",
        "verify: {scheme: alertmanager, authorization: basic}, secrets: [environment:USER]",
        "verify: {scheme: grafana, authorization: basic}, secrets: [environment:USER]",
        "verify: {scheme: grafana, timestampHeader: X-Time, header: X-Grafana}, secrets: [environment:SECRET]",
        "verify: coding, secrets: [environment:SECRET]", "verify: slack, secrets: [environment:SECRET]",
        "verify: stripe, secrets: [environment:SECRET]", "verify: bearer, secrets: [environment:SECRET]",
        "verify: basic, secrets: [environment:USER]",
        """
        verify: {scheme: hmac, header: X-Sig, algorithm: sha512, encoding: base64, prefix: "s:", idHeader: X-Id, \
        timestampHeader: X-Time, signedText: "{id}/{timestamp}/{body}", windowSeconds: 30}, secrets: [environment:SECRET]
        """,
    ]

    @Test("Each sender gets in with what it sends, and not without", arguments: verifications)
    func senders(verification: String) async throws {
        let hooks = try TestHooks(verification)
        let answer = try await hooks.send(#"{"a": 1}"#)
        #expect(answer.status == .ok)
        #expect(hooks.event == #"{"a": 1}"#)
        #expect(hooks.doors.first?.verifier.uses.all.first?.count == 1)
        #expect(hooks.doors.first?.verifier.uses.all.first?.last == TestHooks.now)

        let stranger = await hooks.post(Array("{}".utf8))
        #expect(stranger.status == .unauthorized)
        #expect(stranger.text.contains(#""Code":"AuthFailure.SignatureFailure""#))
        #expect(hooks.cloud.calls.count == 1)
    }

    @Test("What is wrong is told to the log, and to nobody else")
    func reason() async throws {
        let captured = try CapturedLog()
        let hooks = try TestHooks(
            "verify: slack, secrets: [environment:SECRET], allow: [192.0.2.0/24]", observer: captured.log)
        let body = Array("{}".utf8)
        var answers = [await hooks.post(body)]
        answers.append(await hooks.post(body, ["X-Slack-Signature": "v0=00"]))
        answers.append(
            await hooks.post(
                body,
                ["X-Slack-Signature": "v0=" + String(repeating: "0", count: 64), "X-Slack-Request-Timestamp": "NaN"]))
        answers.append(await hooks.post(body, parameters: [("REMOTE_ADDR", "198.51.100.1")]))
        #expect(Set(answers.map { $0.text.replacing($0.requestId ?? "", with: "") }).count == 1)
        #expect(answers.allSatisfy { $0.status == .unauthorized })
        let lines = captured.lines()
        let reasons = [
            "X-Slack-Signature is missing", "X-Slack-Signature is not 'v0=' and 32 bytes in hex",
            "X-Slack-Request-Timestamp is not a number of UNIX seconds", "the address is not on the hook's list",
        ]
        for (line, reason) in zip(lines, reasons) {
            #expect(line.contains(#""detail":"\#(reason)""#), "\(line)")
            #expect(line.contains(#""hook":"h""#) && line.contains(#""status":401"#))
        }
        #expect(lines.count == reasons.count)
    }

    @Test("The log says which secret it was, and never the secret")
    func rotation() async throws {
        let captured = try CapturedLog()
        let hooks = try TestHooks(
            "verify: gitlab, secrets: [{id: new, from: environment:SECRET}, {id: old, from: environment:OLD}]",
            observer: captured.log)
        for _ in 1...2 {
            _ = await hooks.post(Array("{}".utf8), ["X-Gitlab-Token": TestHooks.environment["OLD"] ?? ""])
        }
        _ = await hooks.post(Array("{}".utf8), ["X-Gitlab-Token": TestHooks.secret])
        let uses = try #require(hooks.doors.first).verifier.uses.all
        #expect(
            uses == [
                .init(secret: "new", count: 1, last: TestHooks.now),
                .init(secret: "old", count: 2, last: TestHooks.now),
            ])
        let lines = captured.lines()
        #expect(lines.map { $0.contains(#""hookSecret":"old""#) } == [true, true, false])
        #expect(lines.last?.contains(#""hookSecret":"new""#) == true)
        #expect(!lines.joined().contains(TestHooks.secret))
    }

    @Test("A field that nginx passes on twice is refused, though one of them is right")
    func repeatedFields() async throws {
        let hooks = try TestHooks("verify: gitlab, secrets: [environment:SECRET]")
        for other in ["x", TestHooks.secret] {
            let answer = await hooks.post(
                Array("{}".utf8), ["X-Gitlab-Token": TestHooks.secret], parameters: [("HTTP_X_GITLAB_TOKEN", other)])
            #expect(answer.status == .unauthorized)
        }
    }

    @Test(
        "Without any proof, the address decides",
        arguments: [
            ("127.0.0.1", true), ("10.1.2.3", true), ("10.255.255.255", true), ("11.0.0.0", false),
            ("9.255.255.255", false),
            ("::1", true), ("::2", false), ("fd12:3456::1", true), ("fe80::1", false), ("::ffff:10.0.0.1", true),
            ("::ffff:11.0.0.1", false), ("unix:", false), ("", false), ("10.0.0.1, 1.2.3.4", false),
            ("010.0.0.1", false),
            ("10.0.0", false), ("192.0.2.7", false),
        ])
    func addresses(address: String, isLetIn: Bool) async throws {
        let hooks = try TestHooks("verify: none, allow: [10.0.0.0/8, \"::1\", \"fd00::/8\", 127.0.0.1]")
        let answer = await hooks.post(Array("{}".utf8), parameters: [("REMOTE_ADDR", address)])
        #expect(answer.status == (isLetIn ? .ok : .unauthorized))
    }

    @Test("A page of another site cannot make a browser send", arguments: ["basic", "none"])
    func crossSite(scheme: String) async throws {
        let hooks = try TestHooks(
            scheme == "none"
                ? "verify: none, allow: [0.0.0.0/0]" : "verify: basic, secrets: [environment:USER]")
        let answer = try await hooks.send("{}", ["Origin": "https://evil.example", "Host": "relay.example"])
        #expect(answer.status == .forbidden)
        #expect(hooks.cloud.calls.isEmpty)
    }

    @Test("A 401 says how to log in, where that is how")
    func challenge() async throws {
        let basic = try TestHooks("verify: basic, secrets: [environment:USER]")
        #expect(await basic.post([]).headerFields[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
        let github = try TestHooks("verify: github, secrets: [environment:SECRET]")
        #expect(await github.post([]).headerFields[.wwwAuthenticate] == nil)
    }

    @Test("Only POST, and only at the hook's own address")
    func routes() async throws {
        let hooks = try TestHooks("verify: github, secrets: [environment:SECRET]")
        for method in ["GET", "HEAD", "PUT", "DELETE"] {
            let answer = await hooks.router.answer(TestRelay.request(method, "/hooks/h"))
            #expect(answer.status == .methodNotAllowed)
            #expect(answer.headerFields[.allow] == "POST")
        }
        for path in ["/hooks/", "/hooks", "/hooks/H", "/hooks/h/", "/hooks/other", "/hooks/%68"] {
            #expect(await hooks.router.answer(TestRelay.request("POST", path)).status == .notFound)
        }
    }

    @Test("Nothing of a body is parsed before it is verified")
    func order() async throws {
        let hooks = try TestHooks("verify: github, secrets: [environment:SECRET]")
        let deep = Array(String(repeating: "[", count: 100_000).utf8)
        #expect(await hooks.post(deep, ["X-Hub-Signature-256": "sha256="]).status == .unauthorized)
        #expect(try await hooks.send(deep).status == .badRequest)
    }
}
