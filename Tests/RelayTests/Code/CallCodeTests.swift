// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Foundation
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("A call as code")
struct CallCodeTests {
    private static let names = CodeLanguage.all.map(\.name)

    private func code(_ fields: [String: String], headers: [String: String] = [:]) async throws -> [String: String] {
        let body = fields.map { name, value in
            "\(name)=" + value.utf8.map { "%" + String(Int($0) + 256, radix: 16).suffix(2) }.joined()
        }.joined(separator: "&")
        let answer = await TestRelay().send(
            "POST", "/code", contentType: "application/x-www-form-urlencoded",
            headers: ["Accept": "application/json", "Host": "relay.example"].merging(headers) { $1 }, body: body.utf8)
        struct Answer: Decodable {
            struct Code: Decodable { let Language, Title, File, Text: String }
            let Code: [Code]
        }
        let decoded = try JSONDecoder().decode(Answer.self, from: Data(answer.body))
        return Dictionary(uniqueKeysWithValues: decoded.Code.map { ($0.Language, $0.Text) })
    }

    @Test("each file of Code/Templates is a language, with a name and a file name of its own")
    func allFiles() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/Relay/Code/Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files) == Set(Self.names.map { $0 + ".mustache" }))
        #expect(Set(CodeLanguage.all.map(\.title)).count == Self.names.count)
        #expect(Set(CodeLanguage.all.map(\.file)).count == Self.names.count)
    }

    @Test("the code holds what the form holds, no more", arguments: names)
    func allParameters(language: String) async throws {
        let every = [
            "FunctionName": "hello", "Namespace": "ns-1", "Qualifier": "$LATEST", "InvocationType": "Event",
            "LogType": "Tail", "Region": "ap-shanghai", "RoutingKey": #"{"a":"b"}"#, "ClientContext": "[1]",
        ]
        let text = try #require(try await code(every)[language])
        for name in every.keys where name != "Region" { #expect(text.contains(name)) }
        for value in ["hello", "ns-1", "LATEST", "Event", "Tail", "ap-shanghai", "[1]"] {
            #expect(text.contains(value))
        }
        let short = try #require(try await code(["FunctionName": "hello", "LogType": "None"])[language])
        for name in ["Namespace", "Qualifier", "InvocationType", "LogType", "RoutingKey", "ClientContext"] {
            #expect(!short.contains("\(name)=") && !short.contains("set\(name)(") && !short.contains(".\(name) ="))
        }
        #expect(language == "curl" || short.contains("ap-guangzhou"))
    }

    @Test("keys come from the environment, and calls go to the relay's cloud API, or to its page")
    func addresses() async throws {
        let code = try await code(["FunctionName": "hello"])
        for (language, text) in code where language != "curl" {
            #expect(text.contains("TENCENTCLOUD_SECRET_ID") && text.contains("TENCENTCLOUD_SECRET_KEY"))
            #expect(text.contains("api.example.com"))
        }
        #expect(code["curl"]?.contains("http://relay.example/invoke") == true)
        #expect(code["curl"]?.contains("--user") == false)
    }

    @Test("curl goes where the browser is, and asks for a password where the site does")
    func site() async throws {
        let relay = TestRelay()
        let answer = await relay.send(
            "POST", "/code", contentType: "application/x-www-form-urlencoded",
            headers: ["Accept": "application/json", "Host": "relay.example", "Origin": "https://relay.example"],
            parameters: [(name: "REMOTE_USER", value: "me")], body: "FunctionName=hello".utf8)
        #expect(answer.text.contains("https://relay.example/invoke"))
        #expect(answer.text.contains(#"--user \"$SCF_RELAY_LOGIN\""#))
    }

    @Test("a long event is read from a file")
    func longEvent() async throws {
        let event = "\"" + String(repeating: "x", count: CallCode.contextBytes) + "\""
        for (language, text) in try await code(["FunctionName": "hello", "ClientContext": event]) {
            #expect(text.contains("event.json"), "\(language)")
            #expect(!text.contains("xxx"))
        }
        #expect(
            try await code(["FunctionName": "hello", "ClientContext": "1"])["python"]?.contains("event.json") == false)
    }

    @Test("a browser without script gets the form again, with the code beside it")
    func page() async {
        let answer = await TestRelay().send(
            "POST", "/code?lang=zh", contentType: "application/x-www-form-urlencoded", headers: ["Accept": "text/html"],
            body: "FunctionName=hello&ClientContext=%22%3C/pre%3E%3Cb%3E%22".utf8)
        #expect(answer.isHTML && answer.status == .ok)
        #expect(answer.text.contains(#"data-language="python" open"#))
        #expect(answer.text.contains("&quot;\\&quot;&lt;/pre&gt;&lt;b&gt;\\&quot;&quot;"))
        #expect(!answer.text.contains("</pre><b>"))
        #expect(answer.text.contains(#"value="hello""#))
    }

    @Test("what cannot be called is no code either", arguments: ["", "FunctionName=hello&ClientContext=%7B"])
    func mistakes(form: String) async {
        for accept in ["text/html", "application/json"] {
            let answer = await TestRelay().send(
                "POST", "/code", contentType: "application/x-www-form-urlencoded", headers: ["Accept": accept],
                body: form.utf8)
            #expect(answer.status == .badRequest)
            #expect(accept == "text/html" ? answer.isHTML : answer.isJSON)
        }
    }

    @Test("who comes without a form is led to it")
    func get() async {
        let answer = await TestRelay().send("GET", "/code")
        #expect(answer.status == .seeOther && answer.headerFields[.location] == "/")
    }
}
