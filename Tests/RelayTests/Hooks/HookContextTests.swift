// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Foundation
import HTTPTypes
import Invocation
import StrictJSON
import Testing

@testable import Relay

@Suite("What a hook's function gets")
struct HookContextTests {
    static let github = "verify: github, secrets: [environment:SECRET]"

    @Test("body: byte for byte")
    func body() async throws {
        let hooks = try TestHooks(Self.github)
        let body = "{\"b\": 1.50,\r\n \"a\": \"\\u00e9\u{4E2D}\", \"a\": null }"
        #expect(try await hooks.send(body).status == .ok)
        #expect(hooks.event == body)
        #expect(hooks.cloud.calls.first?.request.namespace == "default")
    }

    @Test("body: what is not JSON is refused", arguments: ["", " ", "a=b", "{", "{} {}", "\u{FEFF}{}", "NaN"])
    func notJSON(body: String) async throws {
        let hooks = try TestHooks(Self.github)
        let answer = try await hooks.send(body)
        #expect(answer.status == .badRequest)
        #expect(answer.text.contains("InvalidParameterValue.Param"))
        #expect(hooks.cloud.calls.isEmpty)
    }

    @Test("A form's payload is the JSON, for senders that offer forms")
    func form() async throws {
        let hooks = try TestHooks(Self.github)
        let type = "application/x-www-form-urlencoded"
        #expect(try await hooks.send("payload=%7B%22a%22%3A+%22%26%22%7D", contentType: type).status == .ok)
        #expect(hooks.event == #"{"a": "&"}"#)
        for wrong in ["", "a=b", "payload=", "payload=x", "payload={}&payload={}"] {
            #expect(try await hooks.send(wrong, contentType: type).status == .badRequest, "\(wrong)")
        }
        let gitlab = try TestHooks("verify: gitlab, secrets: [environment:SECRET]")
        #expect(try await gitlab.send("payload=%7B%7D", contentType: type).status == .badRequest)
    }

    @Test("envelope: the shape of the API-gateway trigger")
    func envelope() async throws {
        let hooks = try TestHooks(Self.github + ", context: envelope")
        let answer = try await hooks.send(
            "not { json", ["User-Agent": "\"quoted\"", "X-Slack-Signature": "v0=1", "Cookie": "a=b", "X-Api-Key": "k"],
            contentType: "text/plain", query: "?foo=bar&list=1&list=2&q=%22%E4%B8%AD&empty&bad=%zz")
        #expect(answer.status == .ok)
        let text = try #require(hooks.event)
        let event = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(event["body"] as? String == "not { json")
        #expect(event["isBase64Encoded"] as? Bool == false)
        #expect(event["httpMethod"] as? String == "POST")
        #expect(event["path"] as? String == "/hooks/h")
        let query = try #require(event["queryString"] as? [String: Any])
        #expect(query["foo"] as? String == "bar")
        #expect(query["list"] as? [String] == ["1", "2"])
        #expect(query["q"] as? String == "\"中")
        #expect(query["empty"] as? String == "")
        #expect(query["bad"] as? String == "%zz")
        let headers = try #require(event["headers"] as? [String: String])
        #expect(headers["user-agent"] == "\"quoted\"")
        #expect(headers["content-type"] == "text/plain")
        #expect(headers["x-github-event"] == "push")
        for name in headers.keys {
            #expect(
                !["x-hub-signature-256", "x-slack-signature", "cookie", "authorization", "x-api-key"].contains(name))
        }
        let context = try #require(event["requestContext"] as? [String: Any])
        #expect(context["sourceIp"] as? String == "192.0.2.7")
        #expect(context["requestId"] as? String == answer.requestId)
        #expect(context["stage"] as? String == "release")
        #expect(!text.contains(TestHooks.secret))
    }

    /// nginx passes them on as variables of CGI and as header fields.
    @Test("envelope: the fields of the body stand there once")
    func fieldsOfTheBody() async throws {
        let hooks = try TestHooks(Self.github + ", context: envelope")
        let twice = ["Content-Type": "application/json", "Content-Length": "2"]
        #expect(try await hooks.send("{}", twice).status == .ok)
        #expect(hooks.event?.contains(#""content-type":"application/json","#) == true)
        #expect(hooks.event?.contains(#""content-length":"2","#) == true)
    }

    @Test(
        "A query that has to be read has at most 256 parameters",
        arguments: ["envelope", "{template: {q: \"query:q\"}}", "{template: {e: \"header:X-GitHub-Event\"}}"])
    func longQuery(context: String) async throws {
        let hooks = try TestHooks(Self.github + ", context: \(context)")
        let query = "?q=1" + String(repeating: "&a=1", count: 255)
        #expect(try await hooks.send("{}", query: query).status == .ok)
        let answer = try await hooks.send("{}", query: query + "&a=1")
        let isRead = !context.contains("header:")
        #expect(answer.status == (isRead ? .badRequest : .ok))
        #expect(answer.text.contains("more than 256 parameters") == isRead)
    }

    @Test("envelope: a body that is no text goes as Base64")
    func binary() async throws {
        let hooks = try TestHooks(Self.github + ", context: envelope")
        #expect(try await hooks.send([0x00, 0xFF, 0xFE]).status == .ok)
        #expect(hooks.event?.contains(#""body":"AP/+","isBase64Encoded":true"#) == true)
    }

    @Test("template: chosen fields, as JSON, never as text in a text")
    func template() async throws {
        let hooks = try TestHooks(
            Self.github + """
                , context: {template: {repo: "body:/repository/full_name", second: "body:/commits/1", all: body, \
                event: "header:X-GitHub-Event", branch: "query:branch", from: "text:\\"a\\": 1", none: "body:/no/such", \
                escaped: "body:/a~1b/~0c", last: "body:/twice", "odd\\"name": "header:X-None"}}
                """)
        let body =
            #"{"repository": {"full_name": "a\"},{\"b"}, "commits": [1, {"id": 2.50}], "a/b": {"~c": [ ] }, "twice": 1, "twice": 2}"#
        #expect(try await hooks.send(body, query: "?branch=%22%7D").status == .ok)
        let expected =
            #"{"repo":"a\"},{\"b","second":{"id": 2.50},"all":\#(body),"event":"push","branch":"\"}","#
            + #""from":"\"a\": 1","none":null,"escaped":[ ],"last":2,"odd\"name":null}"#
        #expect(hooks.event == expected)
        try JSONValidator.validate(ArraySlice((hooks.event ?? "").utf8))
    }

    @Test("template: a body that nobody asks for need not be JSON")
    func templateWithoutBody() async throws {
        let hooks = try TestHooks(Self.github + ", context: {template: {event: \"header:X-GitHub-Event\"}}")
        #expect(try await hooks.send("not json").status == .ok)
        #expect(hooks.event == #"{"event":"push"}"#)
    }

    @Test(
        "The limit holds for what the function gets", arguments: ["body", "envelope", "{template: {a: body, b: body}}"])
    func size(context: String) async throws {
        var limits = Limits()
        limits.clientContextBytes = 2_000
        let hooks = try TestHooks(Self.github + ", context: \(context)", limits: limits)
        let fits = try await hooks.send("[\(String(repeating: "1", count: 400))]")
        #expect(fits.status == .ok)
        let large = try await hooks.send("[\(String(repeating: "1", count: 1_999))]")
        #expect(large.status == .contentTooLarge)
        #expect(large.text.contains("RequestSizeLimitExceeded") && large.text.contains("at most 2,000 are allowed"))
        // A template may pick little out of much.
        let little = try TestHooks(Self.github + ", context: {template: {a: \"body:/0\"}}", limits: limits)
        #expect(try await little.send("[7, \"\(String(repeating: "x", count: 5_000))\"]").status == .ok)
        #expect(little.event == #"{"a":7}"#)
    }

    @Test("All parameters of the call are the configuration's")
    func parameters() async throws {
        let hooks = try TestHooks(Self.github + ", namespace: default, qualifier: \"7\", invocationType: Event")
        let answer = try await hooks.send("{}")
        #expect(answer.status == .accepted)
        let request = try #require(hooks.cloud.calls.first?.request)
        #expect(request.functionName == "hello" && request.qualifier == "7" && request.invocationType == .event)
    }
}
