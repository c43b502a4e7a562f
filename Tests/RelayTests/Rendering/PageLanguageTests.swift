// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Testing

@testable import Relay

@Suite("The page's language")
struct PageLanguageTests {
    @Test(
        "the address wins, then the cookie, then the browser",
        arguments: [
            ("", nil, nil, "en"), ("", nil, "zh-CN,zh;q=0.9", "zh"), ("", "lang=zh", "en", "zh"),
            ("", "a=b; lang=en;c=d", "zh", "en"), ("", "xlang=zh", "en", "en"), ("", "lang=fr", "zh", "zh"),
            ("?lang=zh", "lang=en", "en", "zh"), ("?q=a&lang=en", "lang=zh", "zh", "en"),
            ("?lang=fr", "lang=zh", "en", "zh"), ("?xlang=zh", nil, nil, "en"),
        ] as [(String, String?, String?, String)])
    func language(query: String, cookie: String?, accepted: String?, expected: String) async {
        var headers = ["Accept": "text/html"]
        headers["Cookie"] = cookie
        headers["Accept-Language"] = accepted
        let page = await TestRelay().sendForm("FunctionName=hello", query: query, headers: headers)
        #expect(page.text.contains("<html lang=\"\(expected)\">"))
        #expect(page.headerFields[.vary]?.contains("Cookie") == true)
    }

    private static let view = PageView(name: "history", path: "/history")

    @Test(
        "the switch keeps address and query, and replaces the language alone",
        arguments: [
            ("GET", "/history", "/history?lang=zh"), ("GET", "/history?lang=en", "/history?lang=zh"),
            ("HEAD", "/history/1?q=a%20b&lang=en&to=3", "/history/1?q=a%20b&to=3&lang=zh"),
            // A page that answers a form has no address of its own; nor has one whose address is not the view's.
            ("POST", "/history?q=a", "/history?lang=zh"), ("GET", "//example.com", "/history?lang=zh"),
            ("GET", "/historyx", "/history?lang=zh"),
        ])
    func otherLanguage(method: String, target: String, expected: String) {
        let call = HTTPCall(TestRelay.request(method, target))
        #expect(PageLanguage.address(of: call, Self.view, in: "zh") == expected)
    }
}
