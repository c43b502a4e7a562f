// SPDX-License-Identifier: Apache-2.0

import Foundation
import TencentCloud
import Testing

@testable import Relay

@Suite("Page templates")
struct PageTemplatesTests {
    let templates: PageTemplates

    init() throws {
        templates = PageTemplates.embedded
    }

    /// nginx serves these files as they are. To write them anew after a change of a template or a string:
    /// `WRITE_PAGES=1 swift test --filter PageTemplatesTests`.
    @Test("public/index.html and index.zh.html are the template without an answer", arguments: Language.allCases)
    func staticPages(language: Language) throws {
        let name = language == .zh ? "index.zh.html" : "index.html"
        let file = Self.repository.appendingPathComponent("public").appendingPathComponent(name)
        let rendered = templates.render(PageContext.empty(language))
        if ProcessInfo.processInfo.environment["WRITE_PAGES"] != nil {
            try Data(rendered.utf8).write(to: file)
        }
        let isSame = try String(contentsOf: file, encoding: .utf8) == rendered
        #expect(isSame, "\(name) is out of date: see the comment of this test")
    }

    @Test("both languages have the same strings, and none is empty")
    func strings() {
        let tables = Language.allCases.map { PageStrings.table($0) }
        #expect(Set(tables[0].keys) == Set(tables[1].keys))
        #expect(tables.allSatisfy { table in table.values.allSatisfy { !$0.isEmpty } })
    }

    @Test("each string that a template names exists")
    func namedStrings() throws {
        let pattern = /\{\{s\.([A-Za-z]+)\}\}/
        let sources = [
            PackageResources.page_mustache, PackageResources.form_mustache, PackageResources.result_mustache,
            PackageResources.error_mustache,
        ].map { String(decoding: $0, as: UTF8.self) }
        let named = Set(sources.flatMap { $0.matches(of: pattern).map { String($0.output.1) } })
        #expect(named == Set(PageStrings.table(.en).keys))
    }

    @Test("no template passes anything unescaped, and each escapes strictly")
    func nothingUnescaped() {
        for source in [
            PackageResources.page_mustache, PackageResources.form_mustache, PackageResources.result_mustache,
            PackageResources.error_mustache,
        ] {
            let text = String(decoding: source, as: UTF8.self)
            #expect(!text.contains("{{{") && !text.contains("{{&"))
            #expect(text.hasPrefix("{{% CONTENT_TYPE:\(StrictHTML.name)}}\n"))
        }
    }

    /// A combining mark and its neighbour are one `Character`, which is not `<`: escaping must look at bytes.
    @Test(
        "markup in what was sent or returned stays text",
        arguments: ["<b>", "\u{0600}<b>", "<\u{0301}b>", "\"\u{0301} autofocus", "'\u{200D}", "&lt;", "</textarea><b>"])
    func escaping(hostile: String) throws {
        var context = PageContext.base(.en, form: ["FunctionName": hostile, "ClientContext": hostile])
        context["result"] =
            [
                "state": "success", "title": "Success", "FunctionName": hostile, "httpStatus": "200", "timed": false,
                "accepted": false, "ErrMsg": hostile, "Log": hostile, "RetMsg": hostile, "RetMsgPretty": hostile,
                "FunctionRequestId": hostile, "RequestId": hostile,
            ] as [String: any Sendable]
        let page = templates.render(context)
        let clean = templates.render(PageContext.base(.en, form: [:]))
        #expect(page.utf8.count > clean.utf8.count)
        let escaped = StrictHTML().escapeText(hostile)
        let occurrences = page.unicodeScalars.split(separator: escaped.unicodeScalars, maxSplits: 100).count - 1
        #expect(occurrences >= 9)
        #expect(!page.unicodeScalars.contains(Array(hostile.unicodeScalars)) || escaped == hostile)
    }

    @Test("text is escaped by its bytes")
    func strictHTML() {
        #expect(StrictHTML().escapeText("a<b>&\"'\r\n\u{0}é") == "a&lt;b&gt;&amp;&quot;&#39;&#13;\n\u{FFFD}é")
        #expect(StrictHTML().escapeText("\u{0600}<script>") == "\u{0600}&lt;script&gt;")
    }

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
