// SPDX-License-Identifier: Apache-2.0

import Foundation
import StrictJSON
import TencentCloud
import Testing

@testable import Relay

@Suite("Advice for the page's script")
struct AdviceFilesTests {
    /// The page loads these files when it shows an error. To write them anew after a change of the catalogue:
    /// `WRITE_PAGES=1 swift test --filter AdviceFilesTests`.
    @Test("public/advice.en.json and advice.zh.json are the error catalogue", arguments: Language.allCases)
    func adviceFiles(language: Language) throws {
        let name = language == .zh ? "advice.zh.json" : "advice.en.json"
        let file = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("public").appendingPathComponent(name)
        let expected = Data(Self.advice(language))
        if ProcessInfo.processInfo.environment["WRITE_PAGES"] != nil { try expected.write(to: file) }
        let isSame = try Data(contentsOf: file) == expected
        #expect(isSame, "\(name) is out of date: see the comment of this test")
    }

    /// `{"Code": {"meaning": …, "advice": …}, …}`, one code a line.
    private static func advice(_ language: Language) -> [UInt8] {
        var json: [UInt8] = Array("{\n".utf8)
        for (index, entry) in ErrorCatalogue.all.enumerated() {
            if index > 0 { json += ",\n".utf8 }
            JSONString.appendQuoted(entry.code.rawValue, to: &json)
            json += #": {"meaning": "#.utf8
            JSONString.appendQuoted(entry.meaning[language], to: &json)
            json += #", "advice": "#.utf8
            JSONString.appendQuoted(entry.advice[language], to: &json)
            json.append(UInt8(ascii: "}"))
        }
        return json + Array("\n}\n".utf8)
    }
}
