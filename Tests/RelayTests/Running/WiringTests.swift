// SPDX-License-Identifier: Apache-2.0

import EventLoop
import FastCGI
import Invocation
import Logging
import TencentCloud
import Testing

@testable import Relay

/// One configuration after the other in the same relay: what is counted and remembered stays.
@Suite("Wirings that follow one another", .timeLimit(.minutes(5)))
struct WiringTests {
    private static let now = 1_700_000_000
    private static let secrets = [
        "OLD": "the-old-secret-key", "NEW": "the-new-secret-key", "TOKEN": "a-sender's-token",
    ]

    private static func checked(callers: String, hooks: String = "[]", more: String = "") throws -> CheckedConfiguration
    {
        let yaml = """
            listen: fd:0
            apiListen: fd:1
            cloud: {endpoint: http://127.0.0.1:9, region: ap-guangzhou}
            functions: [{name: hello}]
            callers: \(callers)
            hooks: \(hooks)
            \(more)
            """
        let credential = Credential(secretId: "AKIDRELAY", secretKey: Secret("the-relay's-own-key"))
        return CheckedConfiguration(
            configuration: try Configuration(yaml: yaml, environment: secrets),
            credentials: CloudCredentials(provider: FixedCredential(credential), description: "a test's"))
    }

    private static func parts(_ checked: CheckedConfiguration) throws -> LastingParts {
        try LastingParts(
            checked.configuration, observers: [], log: CapturedLog.discarded, loops: try EventLoopGroup(count: 1),
            logger: Logger(label: "test"), now: { now })
    }

    @Test("A call of the cloud API that has passed does not pass again after a reload")
    func replays() async throws {
        let callers = "[{name: a, secretId: AKIDA, secretKey: 'environment:OLD', functions: all}]"
        let first = try Self.checked(callers: callers)
        let lasting = try Self.parts(first)
        let old = Wiring(first, lasting)
        let new = Wiring(first, lasting, succeeding: old)
        lasting.adopt(new)
        let signer = V1Signer(
            credential: Credential(secretId: "AKIDA", secretKey: Secret("the-old-secret-key")), host: "h")
        let call = signer.sign(
            .post, parameters: [("Action", "Nonsense"), ("Version", "2018-04-16"), ("Region", "ap-guangzhou")],
            timestamp: Self.now, nonce: 1)
        func code(_ wiring: Wiring) async throws -> Substring {
            let api = try #require(wiring.api)
            let answer = await api.answer(
                TestRelay.request(
                    "POST", "/", contentType: "application/x-www-form-urlencoded", headers: ["Host": "h"],
                    body: Array(call.form.utf8)))
            return try #require(answer.text.firstMatch(of: /"Code":"([^"]*)"/)).output.1
        }
        // The signature was right: what is wrong is the action.
        #expect(try await code(old) == "InvalidAction")
        #expect(try await code(new) == "AuthFailure.SignatureExpire")
    }

    @Test("Callers keep their rates by name, and keys their counts; what is gone is gone")
    func callers() throws {
        let first = try Self.checked(
            callers: """
                [{name: a, secretId: AKIDA, secretKey: 'environment:OLD', functions: all, requestsPerSecond: 5},
                 {name: b, secretId: AKIDB, secretKey: 'environment:OLD', functions: all}]
                """)
        let second = try Self.checked(
            callers: """
                [{name: a, functions: all, requestsPerSecond: 7,
                  keys: [{secretId: AKIDA2, secretKey: 'environment:NEW'}, {secretId: AKIDA, secretKey: 'environment:OLD'}]},
                 {name: c, secretId: AKIDC, secretKey: 'environment:OLD', functions: all}]
                """)
        let lasting = try Self.parts(first)
        let old = Wiring(first, lasting)
        lasting.adopt(old)
        let new = Wiring(second, lasting, succeeding: old)
        // Before it is in force, nothing has changed.
        #expect(old.callerPacers["a"]?.perSecond == 5)
        lasting.adopt(new)
        #expect(new.callerPacers["a"] === old.callerPacers["a"])
        #expect(new.callerPacers["a"]?.perSecond == 7)
        #expect(new.callerPacers.keys.sorted() == ["a", "c"])
    }

    @Test("A key's calls are counted on, whatever its place")
    func keyUses() throws {
        func caller(_ keys: Credential...) -> [Caller] { [Caller(name: "a", keys: keys, functions: [])] }
        let one = Credential(secretId: "AKIDA", secretKey: Secret("one"))
        let two = Credential(secretId: "AKIDA", secretKey: Secret("two"))
        let first = Callers(caller(one)) { _ in FakeInvoker() }
        _ = first.admit(VerifiedCaller(secretId: "AKIDA"))
        let second = Callers(caller(two, one), succeeding: first) { _ in FakeInvoker() }
        #expect(second.keyUses.map(\.calls) == [0, 1])
        // A call that began before the reload counts, too.
        _ = first.admit(VerifiedCaller(secretId: "AKIDA"))
        #expect(second.keyUses.map(\.calls) == [0, 2])
    }

    @Test("What is known of a hook's secrets stays with those that stay")
    func secretUses() {
        let uses = SecretUses(["old", "older"])
        uses.note("old", at: 5)
        uses.change(to: ["new", "old"])
        uses.note("older", at: 6)
        uses.note("new", at: 7)
        #expect(uses.all.map(\.secret) == ["new", "old"])
        #expect(uses.all.map(\.count) == [1, 1])
        #expect(uses.all.map(\.last) == [7, 5])
    }

    @Test("The bounds of all calls are the new configuration's")
    func bounds() throws {
        let callers = "[{name: a, secretId: AKIDA, secretKey: 'environment:OLD', functions: all}]"
        let first = try Self.checked(callers: callers)
        let second = try Self.checked(
            callers: callers, more: "limits: {inFlight: 30000, requestsPerSecond: 3, bytesHeld: 20000000}")
        let lasting = try Self.parts(first)
        lasting.adopt(Wiring(first, lasting))
        #expect(lasting.gate.limit == 512)
        let wiring = Wiring(second, lasting)
        lasting.adopt(wiring)
        #expect(lasting.gate.limit == 30_000)
        #expect(lasting.pacer.perSecond == 3)
        #expect(wiring.siteSettings.bytesHeld == 20_000_000)
        #expect(wiring.siteSettings.maximumConnections == 31_024)
    }
}
