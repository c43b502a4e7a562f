// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("What a hook's sender is answered")
struct HookAnswerTests {
    private static func answer(
        _ returned: String, _ hook: String = "verify: github, secrets: [environment:SECRET]"
    ) async throws -> Response {
        try await TestHooks(hook, cloud: FakeInvoker(.returning(returned))).send("{}")
    }

    @Test(
        "RetMsg as it is, with the type that it has",
        arguments: [
            (#"{"a": 1}"#, "application/json"), ("[]", "application/json"), (#""text""#, "application/json"),
            ("plain", "text/plain; charset=utf-8"), ("", "text/plain; charset=utf-8"),
            (#"{"statusCode": 200, "other": 1}"#, "application/json"), (#"{"body": "x"}"#, "application/json"),
            ("<script>", "text/plain; charset=utf-8"),
        ])
    func retMsg(returned: String, type: String) async throws {
        let answer = try await Self.answer(returned)
        #expect(answer.status == .ok)
        #expect(answer.type == type)
        #expect(answer.text == returned)
        #expect(answer.headerFields[.xContentTypeOptions] == "nosniff")
    }

    @Test("An integration response says status, fields and body")
    func integration() async throws {
        let answer = try await Self.answer(
            #"{"isBase64Encoded": false, "statusCode": 201, "headers": {"content-type": "text/xml", "X-Own": "1", "Retry-After": 7}, "body": "<a>\u4e2d</a>"}"#
        )
        #expect(answer.status.code == 201)
        #expect(answer.text == "<a>中</a>")
        #expect(answer.type == "text/xml")
        #expect(answer.headerFields[.retryAfter] == "7")
        #expect(HTTPField.Name("X-Own").flatMap { answer.headerFields[$0] } == "1")
        let binary = try await Self.answer(#"{"isBase64Encoded":true,"statusCode":200,"headers":{},"body":"AP/+"}"#)
        #expect(binary.body == [0x00, 0xFF, 0xFE])
        let empty = try await Self.answer(#"{"statusCode":204,"body":"x"}"#)
        #expect(empty.status == .noContent && empty.body.isEmpty)
        let object = try await Self.answer(#"{"statusCode":200,"body":{"a": 1}}"#)
        #expect(object.text == #"{"a": 1}"# && object.type == "application/json")
        #expect(try await Self.answer(#"{"statusCode":404,"headers":null,"body":null}"#).status == .notFound)
    }

    @Test(
        "Fields that are not a function's to set are left out, and the log says so",
        arguments: [
            "Set-Cookie", "set-cookie", "Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Trailer", "TE",
            "Proxy-Authenticate", "Content-Length", "Status", "X-Accel-Redirect", "x-accel-buffering", "X-Request-Id",
            "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Access-Control-Allow-Origin",
            "Server", "Date",
            "Strict-Transport-Security", "X-Sendfile", "Authorization",
        ])
    func leftOut(name: String) async throws {
        let captured = try CapturedLog()
        let hooks = try TestHooks(
            "verify: github, secrets: [environment:SECRET]",
            cloud: FakeInvoker(.returning(#"{"statusCode":200,"headers":{"\#(name)":"evil"},"body":"x"}"#)),
            observer: captured.log)
        let answer = try await hooks.send("{}")
        #expect(answer.status == .ok && answer.text == "x")
        #expect(!answer.headerFields.contains { $0.value == "evil" })
        #expect(captured.lines().first?.contains("left out: \(name)") == true)
    }

    @Test(
        "What is meant as an integration response and is none, is 502",
        arguments: [
            #"{"statusCode":99,"body":""}"#, #"{"statusCode":600,"body":""}"#, #"{"statusCode":101,"body":""}"#,
            #"{"statusCode":"200","body":""}"#, #"{"statusCode":200.5,"body":""}"#, #"{"statusCode":null}"#,
            #"{"statusCode":200,"headers":[],"body":""}"#, #"{"statusCode":200,"headers":{"a b":"c"}}"#,
            #"{"statusCode":200,"headers":{"X-A":"b\r\nSet-Cookie: c=d"}}"#,
            #"{"statusCode":200,"headers":{"X-A\r\nX-B":"c"}}"#,
            #"{"statusCode":200,"headers":{"X-A":"b\u0000"}}"#, #"{"statusCode":200,"headers":{"":"b"}}"#,
            #"{"statusCode":200,"headers":{"X-A":"\#(String(repeating: "a", count: 9_000))"}}"#,
            #"{"statusCode":200,"isBase64Encoded":true,"body":"no base64!"}"#,
            #"{"statusCode":200,"isBase64Encoded":"yes","body":"x"}"#,
        ])
    func malformed(returned: String) async throws {
        let answer = try await Self.answer(returned)
        #expect(answer.status == .badGateway)
        #expect(answer.text.contains("FailedOperation.FunctionResponse"))
        #expect(HTTPField.Name("X-A").flatMap { answer.headerFields[$0] } == nil)
    }

    @Test(
        "An answer that is none is told by its code, whether running twice does harm or not", arguments: [true, false])
    func malformedIsTold(idempotent: Bool) async throws {
        let captured = try CapturedLog()
        let hooks = try TestHooks(
            "verify: github, secrets: [environment:SECRET], idempotent: \(idempotent)",
            cloud: FakeInvoker(.returning(#"{"statusCode":"200","body":"x"}"#)), observer: captured.log)
        #expect(try await hooks.send("{}").status == .badGateway)
        let line = try #require(captured.lines().first)
        #expect(line.contains(#""code":"FailedOperation.FunctionResponse""#) && line.contains(#""status":502"#))
    }

    // MARK: What went wrong

    static let failures: [(hook: String, status: Int)] = [
        ("verify: github, secrets: [environment:SECRET]", 502),
        ("verify: github, secrets: [environment:SECRET], failureStatus: 200", 200),
        ("verify: gitlab, secrets: [environment:SECRET]", 200), ("verify: slack, secrets: [environment:SECRET]", 200),
        ("verify: gitlab, secrets: [environment:SECRET], failureStatus: 500", 500),
        ("verify: alertmanager, secrets: [environment:SECRET]", 422),
        ("verify: alertmanager, secrets: [environment:SECRET], idempotent: true", 502),
        ("verify: bearer, secrets: [environment:SECRET]", 502),
    ]

    @Test("A function that failed", arguments: failures.indices)
    func functionFailed(index: Int) async throws {
        let (hook, status) = Self.failures[index]
        let answer = try await TestHooks(hook, cloud: FakeInvoker(.failing)).send("{}")
        #expect(answer.status.code == status)
        #expect(answer.text.contains("FailedOperation.FunctionFailed") && answer.text.contains("f-1"))
        #expect(!answer.text.contains("do not tell"))
    }

    static let busy = CloudError("RequestLimitExceeded", "busy", retryAfterSeconds: 3)
    static let unknown = CloudError("ClientError.Timeout", "unknown", mayHaveRun: true)
    static let refused = CloudError("ResourceNotFound.FunctionName", "no")

    static let errors: [(sender: String, error: CloudError, idempotent: Bool, status: Int, end: Bool)] = [
        ("github", busy, false, 429, false), ("gitlab", busy, false, 503, false),
        ("alertmanager", busy, false, 503, false),
        ("slack", busy, false, 429, false),
        ("alertmanager", unknown, false, 422, false), ("alertmanager", unknown, true, 504, false),
        ("slack", unknown, false, 504, true), ("slack", unknown, true, 504, false),
        ("github", unknown, false, 504, false),
        ("slack", refused, true, 404, true), ("alertmanager", refused, false, 404, false),
    ]

    @Test("The status makes the sender do the right thing", arguments: errors.indices)
    func senders(index: Int) async throws {
        let (sender, error, isIdempotent, status, isEnd) = Self.errors[index]
        let hooks = try TestHooks(
            "verify: \(sender), secrets: [environment:SECRET], idempotent: \(isIdempotent)", cloud: FakeInvoker(error))
        let answer = try await hooks.send("{}")
        #expect(answer.status.code == status)
        #expect(answer.headerFields[.retryAfter] == error.retryAfterSeconds.map(String.init))
        #expect((HTTPField.Name("X-Slack-No-Retry").flatMap { answer.headerFields[$0] } != nil) == isEnd)
    }

    @Test("Slack's question for the address is answered, once it is verified; no function runs")
    func challenge() async throws {
        let hooks = try TestHooks("verify: slack, secrets: [environment:SECRET]")
        let body = #"{"token": "x", "challenge": "3eZbrw1a\u0042", "type": "url_verification"}"#
        let answer = try await hooks.send(body)
        #expect(answer.status == .ok && answer.text == "3eZbrw1aB" && answer.type == "text/plain; charset=utf-8")
        #expect(await hooks.post(Array(body.utf8)).status == .unauthorized)
        #expect(hooks.cloud.calls.isEmpty)
        #expect(try await hooks.send(#"{"challenge": "x", "type": "event_callback"}"#).status == .ok)
        #expect(hooks.cloud.calls.count == 1)
    }

    @Test("A ping runs no function", arguments: [("github", "X-GitHub-Event"), ("coding", "X-Coding-Event")])
    func ping(sender: String, header: String) async throws {
        let hooks = try TestHooks("verify: \(sender), secrets: [environment:SECRET]")
        let answer = try await hooks.send(#"{"zen": "…"}"#, [header: "ping"])
        #expect(answer.status == .ok && answer.text == "pong\n")
        #expect(hooks.cloud.calls.isEmpty)
    }
}
