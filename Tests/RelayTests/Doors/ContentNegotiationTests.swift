// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud
import Testing

@testable import Relay

@Suite("HTML or JSON")
struct ContentNegotiationTests {
    /// What is chosen where a form would get HTML, and where a program would get JSON.
    enum Choice: String {
        case html, json, fallback
    }

    static let rows: [(accept: String?, choice: Choice)] = [
        (nil, .fallback), ("", .fallback), ("*/*", .fallback), (" ", .fallback),
        ("text/html", .html), ("application/json", .json), ("TEXT/HTML", .html), ("Application/Json", .json),
        ("text/*", .html), ("application/*", .json), ("text/html, application/json", .fallback),
        // q-values
        ("text/html;q=0.5, application/json", .json), ("text/html, application/json;q=0.999", .html),
        ("application/json ; q=0.30 ,text/html; q=0.299", .json), ("text/html;q=0, */*", .json),
        ("application/json;q=0, */*;q=0.1", .html), ("text/html;q=0", .fallback), ("*/*;q=0", .fallback),
        ("text/html;Q=0.1, application/json;q=0.2", .json), ("text/html;level=1;q=0.3, application/json;q=0.4", .json),
        ("text/html;level=1, application/json;q=0.9", .html),
        // The more exact range counts, wherever it stands.
        ("text/html;q=0.1, text/*;q=0.9, application/json;q=0.5", .json), ("*/*, application/*;q=0.1", .html),
        ("text/*;q=0.9, text/html;q=0.1, application/json;q=0.5", .json),
        // Out of range and garbage
        ("text/html;q=7, application/json", .fallback), ("text/html;q=-1, application/json;q=0.1", .json),
        ("text/html;q=nan, application/json;q=0.1", .json), ("text/html;q=inf, application/json;q=0.1", .json),
        (";;q=,,", .fallback), ("/", .fallback), ("text", .fallback), ("text/", .fallback), ("*", .fallback),
        ("*/html", .fallback), ("text/html/x", .fallback), ("image/png", .fallback), (",,,text/html", .html),
        ("text/htm\u{0}l", .fallback), ("中/文, text/html", .html),
        (String(repeating: "a/b,", count: 31) + "text/html", .html),
        (String(repeating: "a/b,", count: 400) + "text/html", .fallback),
        (String(repeating: "x", count: 1 << 20), .fallback),
        // What browsers and programs send
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", .html),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
                + "application/signed-exchange;v=b3;q=0.7", .html
        ),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .html),
        ("application/json, text/plain, */*", .json), ("application/json, text/javascript, */*; q=0.01", .json),
    ]

    @Test("What Accept likes better, else what fits the request", arguments: rows)
    func table(accept: String?, choice: Choice) {
        let expected: (AnswerFormat, AnswerFormat) =
            switch choice {
            case .html: (.html, .html)
            case .json: (.json, .json)
            case .fallback: (.html, .json)
            }
        #expect(ContentNegotiation.format(accept: accept, fallback: .html) == expected.0)
        #expect(ContentNegotiation.format(accept: accept, fallback: .json) == expected.1)
    }

    static let bodies: [(contentType: String?, isHTML: Bool)] = [
        ("application/x-www-form-urlencoded", true), ("multipart/form-data; boundary=x", true),
        ("application/json", false), ("Application/JSON; charset=utf-8", false), ("text/plain", true), (nil, true),
    ]

    @Test("Where Accept does not say, JSON gets JSON, and all else HTML", arguments: bodies, [nil, "*/*"])
    func fallback(body: (contentType: String?, isHTML: Bool), accept: String?) async {
        let response = await TestRelay().send(
            "POST", "/invoke", contentType: body.contentType, headers: accept.map { ["Accept": $0] } ?? [:],
            body: "nonsense".utf8)
        #expect(response.isHTML == body.isHTML)
        #expect(response.isJSON == !body.isHTML)
    }

    @Test("Where there is no door, browsers get HTML, and all else JSON")
    func noDoor() async {
        let relay = TestRelay()
        #expect(await relay.send("GET", "/x", headers: ["Accept": "text/html,*/*;q=0.8"]).isHTML)
        #expect(await relay.send("GET", "/x", headers: ["Accept": "*/*"]).isJSON)
        #expect(await relay.send("GET", "/x").isJSON)
        let html = await relay.send("GET", "/invoke", headers: ["Accept": "text/html"])
        #expect(html.isHTML)
        #expect(html.headerFields[.allow] == "POST")
    }
}
