// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud
import Testing

@testable import Relay

@Suite("Views of the page")
struct ViewDoorTests {
    private func view(_ target: String) async -> Response {
        await TestRelay().send("GET", target, headers: ["Accept": "text/html"])
    }

    /// `/` is static: nginx has it. History and deliveries say themselves that nothing is kept here.
    @Test("every view that navigation names has its address", arguments: PageView.navigation.filter { $0 != .run })
    func addresses(view: PageView) async {
        let page = await self.view(view.path)
        #expect(page.isHTML)
        #expect(page.text.contains("<body class=\"view-\(view.name)\">"))
        #expect(page.text.contains("<a href=\"\(view.path)\" aria-current=\"page\">"))
    }

    @Test("error codes are found by code and by words, in any case")
    func errorCodes() async {
        let all = await view("/errors").text
        #expect(all.contains("id=\"ResourceNotFound.FunctionName\""))
        #expect(all.contains("\(ErrorCatalogue.all.count) of \(ErrorCatalogue.all.count) codes"))
        let found = await view("/errors?q=RESOURCEnotfound+functionname").text
        #expect(found.contains("<li id=\"ResourceNotFound.FunctionName\">"))
        #expect(found.contains("<li id=\"InternalError\" hidden>"))
        let status = "</code></a> <span class=\"badge\">HTTP 409</span>"
        #expect(all.contains("RequestLimitExceeded.StillRunning\(status)"))
        #expect(all.contains("CallbackNotAllowed</code></a></h2>"), "no request is answered with it")
        let none = await view("/errors?q=nothing%20of%20the%20kind").text
        #expect(none.contains("0 of "))
        #expect(!none.contains("class=\"card nothing\" hidden"))
    }

    @Test("functions are found by name, namespace and description")
    func functions() async {
        let all = await view("/functions").text
        #expect(all.contains("<a href=\"/run?FunctionName=hello&amp;Namespace=default\">hello</a>"))
        #expect(all.contains("says &quot;hello&quot;"))
        let found = await view("/functions?q=BATCH").text
        #expect(found.contains(">job</a>") && !found.contains(">hello</a>"))
    }

    @Test("a call has an address: the form with what the query says")
    func run() async {
        let page = await view(
            "/run?FunctionName=echo&ClientContext=%7B%22a%22%3A1%7D&LogType=Tail&Region=ap-shanghai&x=1")
        #expect(page.text.contains("name=\"FunctionName\" value=\"echo\""))
        #expect(page.text.contains("\n{&quot;a&quot;:1}</textarea>"))
        #expect(page.text.contains("value=\"Tail\" checked"))
        #expect(page.text.contains("<details class=\"options\" open>"))
        #expect(page.text.contains("Region=ap-shanghai&amp;x=1&amp;lang=zh"))
    }

    @Test(
        "markup in an address stays text",
        arguments: ["/errors?q=", "/functions?q=", "/run?FunctionName=", "/run?ClientContext=", "/run?RoutingKey="])
    func markup(target: String) async {
        let hostile = "%22%3E%3C/textarea%3E%3Cimg%20src=x%20onerror=alert(1)%3E%D8%80%3Cb%3E"
        let page = await view(target + hostile)
        #expect(page.text.contains("&quot;&gt;&lt;/textarea&gt;&lt;img src=x onerror=alert(1)&gt;"))
        #expect(!page.text.contains("<img src=x"))
        #expect(!page.text.unicodeScalars.contains(Array("<b>".unicodeScalars)))
    }
}
