// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("POST /invoke")
struct InvokeDoorTests {
    @Test("JSON gets the cloud's answer byte for byte")
    func json() async {
        let response = await TestRelay().sendJSON(#"{"FunctionName":"hello"}"#)
        #expect(response.status == .ok)
        #expect(response.type == "application/json")
        #expect(response.body == FakeInvoker.hello.envelope)
    }

    @Test("The whole call reaches the invoker", arguments: BodyForm.allCases)
    func call(form: BodyForm) async throws {
        let cloud = FakeInvoker()
        let context = "{\"a\": [1, 2.50, \"\u{4E2D}\\u0000\"]}"
        let body = form.body([
            ("FunctionName", "hello"), ("InvocationType", "Event"), ("Qualifier", "$LATEST"),
            ("ClientContext", context),
            ("LogType", "Tail"), ("Namespace", "default"), ("Region", "ap-shanghai"), ("RoutingKey", "{\"k\":\"v\"}"),
        ])
        let response = await TestRelay(cloud).send("POST", "/invoke", contentType: form.rawValue, body: body)
        #expect(response.status == .ok)
        let request = try #require(cloud.calls.first?.request)
        #expect(request.functionName == "hello")
        #expect(request.invocationType == .event)
        #expect(request.qualifier == "$LATEST")
        #expect(request.clientContext?.text == Array(context.utf8))
        #expect(request.logType == .tail)
        #expect(request.namespace == "default")
        #expect(request.region == "ap-shanghai")
        #expect(request.routingKey == "{\"k\":\"v\"}")
    }

    @Test("A form gets a page with result and form")
    func page() async {
        let response = await TestRelay().sendForm(
            "FunctionName=hello&ClientContext=%7B%22a%22%3A%22%3Cb%3E%22%7D&LogType=Tail&Qualifier=7")
        #expect(response.isHTML)
        #expect(response.part("title") == "Success")
        #expect(response.part("Duration") == "0.83 ms")
        #expect(response.part("BillDuration") == "100 ms")
        #expect(response.part("MemUsage") == "3.1 MB")
        #expect(response.part("FunctionRequestId") == "6add56fa-58f1-11e8-89a9-5254005d5fdb")
        #expect(response.part("RequestId") == "c2af8a64-c922-4d55-aee0-bd86a5c2cd12")
        #expect(response.text.contains("\nhello from scf</pre>"))
        #expect(response.text.contains(">\n{&quot;a&quot;:&quot;&lt;b&gt;&quot;}</textarea>"))
        #expect(response.text.contains(#"name="Qualifier" value="7""#))
        #expect(response.text.contains(#"value="Tail" checked>"#))
        #expect(response.text.contains(#"value="RequestResponse" checked>"#))
        #expect(response.text.contains(#"<details class="options" open>"#))
    }

    @Test("A function that failed was relayed: 200, shown as failed, with its stack trace")
    func failure() async {
        var result = InvokeResult(functionRequestId: "f", invokeResult: -1)
        result.errMsg = "<Error> & more"
        result.retMsg = #"{"errorMessage":"x","stackTrace":"line 1\nline <2>"}"#
        result.log = "START\nEND"
        let answer = InvokeAnswer(result: result, requestId: "r")
        let json = await TestRelay(FakeInvoker(answer)).sendJSON(#"{"FunctionName":"hello"}"#)
        #expect(json.status == .ok)
        #expect(json.body == answer.envelope)
        let page = await TestRelay(FakeInvoker(answer)).sendForm("FunctionName=hello")
        #expect(page.status == .ok)
        #expect(page.text.contains(#"data-state="failed""#))
        #expect(page.text.contains("\n&lt;Error&gt; &amp; more</pre>"))
        #expect(page.text.contains("\nline 1\nline &lt;2&gt;</pre>"))
        #expect(page.text.contains("\nSTART\nEND</pre>"))
        #expect(page.text.contains("{\n  &quot;errorMessage&quot;: &quot;x&quot;,\n"))
    }

    @Test("An Event call is accepted: no times, no result")
    func event() async {
        let answer = InvokeAnswer(result: InvokeResult(functionRequestId: "f"), requestId: "r")
        let page = await TestRelay(FakeInvoker(answer)).sendForm("FunctionName=hello&InvocationType=Event")
        let outcome = page.text.split(separator: "<template")[0]
        #expect(outcome.contains(#"data-state="accepted""#))
        #expect(!outcome.contains(#"data-part="figures""#))
        #expect(!outcome.contains(#"data-part="RetMsg""#))
        #expect(outcome.contains(#"data-part="accepted""#))
        #expect(outcome.contains(#"value="Event" checked>"#))
        #expect(page.part("FunctionRequestId") == "f")
    }

    static let results: [(retMsg: String, shown: String)] = [
        (#"{"a":1}"#, "{\n  &quot;a&quot;: 1\n}"), ("[1,2]", "[\n  1,\n  2\n]"), (#"{"a":1"#, "{&quot;a&quot;:1"),
        ("42", "42"), ("\r\n x", "&#13;\n x"), ("\u{0}", "\u{FFFD}"), ("</pre><b>", "&lt;/pre&gt;&lt;b&gt;"),
        ("[" + String(repeating: "1,", count: 150_000) + "1]", "[1,1,1"),
        (String(repeating: "[", count: 5000), "[[["),
    ]

    @Test("RetMsg is shown readable where it is JSON, else as it is", arguments: results.indices)
    func retMsg(index: Int) async {
        let (retMsg, shown) = Self.results[index]
        let answer = InvokeAnswer(result: InvokeResult(retMsg: retMsg, functionRequestId: "f"), requestId: "r")
        let page = await TestRelay(FakeInvoker(answer)).sendForm("FunctionName=hello")
        #expect(page.text.contains("aria-labelledby=\"RetMsg-title\">\n\(shown)"))
    }

    static let languages: [(query: String, accept: String?, language: String)] = [
        ("", nil, "en"), ("", "zh-CN,zh;q=0.9", "zh"), ("", "en-US,en;q=0.9,zh;q=0.8", "en"), ("", "fr", "en"),
        ("?lang=zh", nil, "zh"), ("?lang=zh", "en", "zh"), ("?lang=en", "zh", "en"), ("?a=b&lang=zh", "en", "zh"),
        ("?lang=fr", "zh", "zh"), ("?lang=", "zh", "zh"), ("?lang", "zh", "zh"), ("?xlang=zh", "en", "en"),
        ("?lang=zh%00", "en", "en"), ("?" + String(repeating: "&", count: 60_000), "zh", "zh"),
    ]

    @Test("The page speaks the language of its form, else of its reader", arguments: languages.indices)
    func language(index: Int) async {
        let (query, accept, language) = Self.languages[index]
        let headers = accept.map { ["Accept-Language": $0] } ?? [:]
        let expected = language == "zh" ? "<html lang=\"zh" : "<html lang=\"en"
        let relay = TestRelay()
        #expect(await relay.sendForm("FunctionName=hello", query: query, headers: headers).text.contains(expected))
        #expect(await relay.sendForm("FunctionName=", query: query, headers: headers).text.contains(expected))
    }
}
