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
        let rendered = templates.render(RunContext.empty(language))
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
    func namedStrings() {
        let named = PageTemplates.sources.values.flatMap { source in
            source.matches(of: /\bs\.([A-Za-z]+)\}\}/).map { String($0.output.1) }
        }
        let views = PageView.all.flatMap { [$0.name + "Heading", $0.name + "Lead"] }
        let missing = Set(named + views + PageView.navigation.map { $0.name + "Nav" })
            .subtracting(PageStrings.table(.en).keys)
        #expect(missing.isEmpty)
    }

    @Test("each string is used")
    func usedStrings() throws {
        let swift = try Self.texts(in: "Sources/Relay", ending: ".swift")
            .filter { !$0.contains("extension PageStrings") }
        let texts = (swift + PageTemplates.sources.values).joined()
        let views = PageView.all.flatMap { [$0.name + "Heading", $0.name + "Lead", $0.name + "Nav"] }
        let unused = PageStrings.table(.en).keys.filter { key in
            !views.contains(key) && !texts.contains("s.\(key)}") && !texts.contains("\"\(key)\"")
        }
        #expect(unused.isEmpty)
    }

    @Test("each template is known by its file's name")
    func allTemplates() throws {
        let folder = Self.repository.appendingPathComponent("Sources/Relay/Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".mustache") }.map { String($0.dropLast(".mustache".count)) }
        #expect(Set(files) == Set(PageTemplates.sources.keys))
    }

    @Test("each view has its template, styles and script, and preloads what that imports", arguments: PageView.all)
    func filesOfViews(view: PageView) throws {
        #expect(PageTemplates.sources[view.name] != nil)
        let folder = Self.repository.appendingPathComponent("public")
        #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("css/\(view.files).css").path))
        var imported: [String] = []
        var open = ["page", "views/\(view.files)"]
        while let module = open.popLast() {
            let text = try String(
                contentsOf: folder.appendingPathComponent("js/\(module).js"), encoding: .utf8)
            let names = text.matches(of: /from "\.{1,2}\/([\w-]+)\.js"/).map { String($0.output.1) }
            open += names.filter { !imported.contains($0) }
            imported += names.filter { !imported.contains($0) }
        }
        #expect(view.modules == imported.sorted())
    }

    @Test("no template passes anything unescaped, and each escapes strictly")
    func nothingUnescaped() {
        for text in PageTemplates.sources.values {
            #expect(!text.contains("{{{") && !text.contains("{{&"))
            #expect(text.hasPrefix("{{% CONTENT_TYPE:\(StrictHTML.name)}}\n"))
        }
    }

    @Test("a view says where the reader is, and leads to the same page in the other language")
    func frame() {
        let chinese = templates.render(RunContext.empty(.zh))
        #expect(chinese.contains(#"<html lang="zh">"#))
        #expect(chinese.contains(#"<li><a href="/" aria-current="page">运行</a></li>"#))
        #expect(chinese.contains(#"<a class="language" href="/?lang=en" lang="en" hreflang="en">English</a>"#))
    }

    /// A combining mark and its neighbour are one `Character`, which is not `<`: escaping must look at bytes.
    @Test(
        "markup in what was sent or returned stays text",
        arguments: ["<b>", "\u{0600}<b>", "<\u{0301}b>", "\"\u{0301} autofocus", "'\u{200D}", "&lt;", "</textarea><b>"])
    func escaping(hostile: String) throws {
        var context = RunContext.base(.en, form: ["FunctionName": hostile, "ClientContext": hostile])
        context["result"] =
            [
                "state": "success", "title": "Success", "FunctionName": hostile, "httpStatus": "200", "timed": false,
                "accepted": false, "ErrMsg": hostile, "Log": hostile, "RetMsg": hostile, "RetMsgPretty": hostile,
                "FunctionRequestId": hostile, "RequestId": hostile,
            ] as [String: any Sendable]
        let page = templates.render(PageLayout.context(.run, .en, context))
        let clean = templates.render(RunContext.empty(.en))
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

    private static func texts(in folder: String, ending: String) throws -> [String] {
        let root = repository.appendingPathComponent(folder)
        let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(ending) }
            .map { try String(contentsOf: root.appendingPathComponent($0), encoding: .utf8) }
    }

    private static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
