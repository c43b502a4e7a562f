// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import Testing

@testable import Relay

/// What a refused form held is shown again.
@Suite("The form again")
struct FormEchoTests {
    private static func echo(_ body: [UInt8], contentType: String, maximumBytes: Int = 100) -> FormEcho {
        let request = TestRelay.request("POST", "/invoke", contentType: contentType, body: body)
        return FormEcho.fields(of: HTTPCall(request), maximumBytes: maximumBytes)
    }

    private static func echo(form: String) -> FormEcho {
        echo(Array(form.utf8), contentType: "application/x-www-form-urlencoded")
    }

    @Test("Both kinds of forms are read", arguments: [BodyForm.urlEncoded, .multipart])
    func forms(form: BodyForm) {
        let fields = [
            ("FunctionName", "9 lives"), ("ClientContext", "{\"a\": \u{4E2D}"), ("Qualifier", ""), ("Bogus", "1"),
            ("Region", "ap-nowhere"),
        ]
        let echo = Self.echo(form.body(fields), contentType: form.rawValue)
        #expect(
            echo.values == ["FunctionName": "9 lives", "ClientContext": "{\"a\": \u{4E2D}", "Region": "ap-nowhere"])
        #expect(!echo.contextLeftOut)
    }

    @Test("What is too long is left out, and the page says so", arguments: [BodyForm.urlEncoded, .multipart])
    func tooLong(form: BodyForm) {
        let long = String(repeating: "x", count: 101)
        let left = Self.echo(
            form.body([("ClientContext", long), ("FunctionName", long), ("LogType", "Tail")]),
            contentType: form.rawValue)
        #expect(left.values == ["LogType": "Tail"])
        #expect(left.contextLeftOut)
        let kept = Self.echo(
            form.body([("ClientContext", String(long.dropLast())), ("FunctionName", long)]), contentType: form.rawValue)
        #expect(kept.values["ClientContext"]?.utf8.count == 100)
        #expect(!kept.contextLeftOut)
    }

    static let malformed: [(form: String, values: [String: String])] = [
        ("", [:]), ("&&&", [:]), ("=", [:]), ("FunctionName", [:]), ("FunctionName=", [:]),
        ("FunctionName=a&FunctionName=b", ["FunctionName": "a"]), ("FunctionName=%4&LogType=Tail", ["LogType": "Tail"]),
        ("%46unctionName=a", ["FunctionName": "a"]), ("FunctionName=a=b", ["FunctionName": "a=b"]),
        ("FunctionName=%FF", ["FunctionName": "\u{FFFD}"]), ("functionname=a", [:]),
        (String(repeating: "x=1&", count: 16) + "FunctionName=a", [:]),
        (String(repeating: "x=1&", count: 15) + "FunctionName=a&LogType=Tail&x=1", ["FunctionName": "a"]),
    ]

    @Test("What can be read of a malformed form is kept", arguments: malformed)
    func malformedForms(form: String, values: [String: String]) {
        #expect(Self.echo(form: form).values == values)
    }

    @Test(
        "A multipart body that breaks off shows what came before",
        arguments: [
            "", "--b", "--b\r\n", "--b--", "--b\r\n\r\n",
            "--b\r\nContent-Disposition: form-data; name=\"FunctionName\"",
            "--b\r\nContent-Disposition: form-data; name=\"FunctionName\"\r\n\r\na",
            "--b\r\nContent-Disposition: form-data; name=\"LogType\"\r\n\r\nTail\r\n--b\r\nX\r\n",
        ])
    func brokenMultipart(body: String) {
        let echo = Self.echo(Array(body.utf8), contentType: "multipart/form-data; boundary=b")
        #expect(echo.values == (body.contains("Tail") ? ["LogType": "Tail"] : [:]))
    }

    @Test(
        "Other bodies are not shown", arguments: ["application/json", "text/plain", "", "multipart/form-data", ";;;"])
    func otherTypes(contentType: String) {
        #expect(Self.echo(Array("FunctionName=a".utf8), contentType: contentType).values.isEmpty)
    }

    static let hostile = [
        "</textarea><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' autofocus onfocus='x",
        "\u{0600}<script>", "<\u{0301}script>", "{{FunctionName}}", "&lt;script&gt;",
    ]

    @Test("Hostile values come back as text, whatever the error", arguments: hostile)
    func hostileValues(value: String) async {
        let relay = TestRelay()
        for name in ["FunctionName", "ClientContext", "Qualifier", "Namespace", "Region", "RoutingKey"] {
            let body = BodyForm.urlEncoded.body([(name, value)])
            let page = await relay.send(
                "POST", "/invoke", contentType: BodyForm.urlEncoded.rawValue, headers: ["Accept": "text/html"],
                body: body)
            #expect(page.status.code == 400)
            let escaped = StrictHTML().escapeText(value)
            #expect(Self.count(escaped, in: page.body) >= 1)
            for markup in ["<script>alert", "<img src=x", "onfocus='x"] {
                #expect(Self.count(markup, in: page.body) == 0)
            }
        }
    }

    @Test("A page with a long event says that it is left out")
    func pageLeavesOut() async {
        let long = "[" + String(repeating: "1,", count: 40_000) + "1]"
        let relay = TestRelay()
        let success = await relay.sendForm("FunctionName=hello&ClientContext=\(long)")
        let failure = await relay.sendForm("FunctionName=9&ClientContext=\(long)")
        for page in [success, failure] {
            #expect(page.text.contains("What you sent was too long to be shown here again."))
            #expect(page.text.contains(">\n</textarea>"))
            #expect(page.body.count < 60_000)
        }
        let short = await relay.sendForm("FunctionName=9&ClientContext=%5B%5D")
        #expect(!short.text.contains("What you sent was too long"))
        #expect(short.text.contains(">\n[]</textarea>"))
    }

    /// Occurrences as bytes: as characters, a combining mark would hide what it follows.
    private static func count(_ text: String, in body: [UInt8]) -> Int {
        let wanted = Array(text.utf8)
        return body.indices.count { body[$0...].starts(with: wanted) }
    }
}
