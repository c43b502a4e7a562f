// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import TencentCloud

@Suite("ErrorCatalogue") struct ErrorCatalogueTests {
    /// A code of the API's documents, with its official words where they are known.
    struct DocumentedCode: Decodable, Sendable, CustomTestStringConvertible {
        let code: String
        let zh: String
        let en: String?

        var testDescription: String { code }

        static let all: [DocumentedCode] = {
            guard let url = Bundle.module.url(forResource: "Fixtures/error-codes", withExtension: "json"),
                let data = try? Data(contentsOf: url)
            else { return [] }
            return (try? JSONDecoder().decode([DocumentedCode].self, from: data)) ?? []
        }()
    }

    @Test("the list of documented codes is there") func fixtureIsComplete() {
        #expect(DocumentedCode.all.count == 69)
        #expect(DocumentedCode.all.contains { $0.code == "ResourceNotFound.FunctionName" })
    }

    @Test("explains every documented code in the cloud's own words", arguments: DocumentedCode.all)
    func explainsDocumentedCode(documented: DocumentedCode) throws {
        let entry = try #require(ErrorCatalogue.meaning(of: ErrorCode(rawValue: documented.code)))
        #expect(entry.code.rawValue == documented.code, "its own entry, not that of its family")
        #expect(withoutFullStop(entry.meaning.zh) == withoutFullStop(documented.zh))
        if let en = documented.en { #expect(entry.meaning.en == en) }
    }

    /// Those of ListFunctions, which scf-local alone answers and no page shows: their family explains them.
    private static let withoutEntry: Set<String> = [
        "InvalidParameterValue.Filters", "InvalidParameterValue.Limit", "InvalidParameterValue.Offset",
        "InvalidParameterValue.Order", "InvalidParameterValue.OrderBy",
    ]

    @Test("explains every code that stands in the sources, by an entry of its own") func explainsOwnCodes() throws {
        let codes = try Self.codesOfTheSources()
        let expected = [
            "RequestLimitExceeded.InFlight", "RequestLimitExceeded.StillRunning", "ClientError.Timeout",
            "InvalidCredential", "ResourceNotFound.Store", "CallbackNotAllowed", "RelayStopped",
        ]
        #expect(codes.isSuperset(of: expected), "what looks for codes does not find them")
        for code in codes.subtracting(Self.withoutEntry).sorted() {
            let entry = ErrorCatalogue.meaning(of: ErrorCode(rawValue: code))
            #expect(entry?.code.rawValue == code, "\(code) has no entry in ErrorCatalogue")
        }
    }

    /// What errors and attempts are made with, and whatever else is named like a member of a family.
    private static func codesOfTheSources() throws -> Set<String> {
        let sources = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        var codes: Set<String> = []
        for file in files where file.hasSuffix(".swift") && !file.contains("ErrorCatalogue") {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            let made = text.matches(of: /(?:CloudError\(|code:)\s*"([A-Z][A-Za-z.]+)"/).map { String($0.output.1) }
            let named = text.matches(of: /"([A-Z][A-Za-z]+\.[A-Z][A-Za-z]+)"/).map { String($0.output.1) }
            codes.formUnion(made)
            codes.formUnion(named.filter { ErrorCatalogue.meaning(of: ErrorCode(rawValue: $0)) != nil })
        }
        return codes.subtracting(["OK"])
    }

    @Test(
        "has whole sentences for each code, in the language they claim to be in",
        arguments: ErrorCatalogue.all.map(\.code))
    func hasWholeSentences(code: ErrorCode) throws {
        let entry = try #require(ErrorCatalogue.meaning(of: code))
        for text in [entry.meaning.zh, entry.advice.zh] {
            #expect(text.hasSuffix("。"), "\(text)")
            #expect(text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } || text == "token 错误。")
        }
        for text in [entry.meaning.en, entry.advice.en] {
            #expect(text.hasSuffix("."), "\(text)")
            #expect(!text.unicodeScalars.contains { $0.value > 0x2E80 }, "\(text)")
        }
        for text in [entry.advice.zh, entry.advice.en] {
            #expect(!text.contains("\n") && !text.contains("  "), "\(text)")
        }
        #expect(entry.advice.en.utf8.count > 30, "concrete, not a shrug")
        #expect(entry.advice.en != entry.meaning.en)
    }

    @Test("has each code once") func hasEachCodeOnce() {
        let codes = ErrorCatalogue.all.map(\.code)
        #expect(Set(codes).count == codes.count)
    }

    @Test(
        "explains an unknown member by its family",
        arguments: [
            ("RequestLimitExceeded.Other", "RequestLimitExceeded"), ("AuthFailure.New.Deep", "AuthFailure"),
            ("InternalError.", "InternalError"), ("ClientError.HttpStatusCodeError", "ClientError"),
            ("CallbackStatus.307", "CallbackStatus"),
        ])
    func fallsBackToFamily(code: String, family: String) {
        #expect(ErrorCatalogue.meaning(of: ErrorCode(rawValue: code))?.code.rawValue == family)
    }

    @Test(
        "does not explain what it does not know", arguments: ["", ".", "Other", "Other.Thing", "requestlimitexceeded"])
    func knowsItsLimits(code: String) {
        #expect(ErrorCatalogue.meaning(of: ErrorCode(rawValue: code)) == nil)
    }

    @Test("every family of a listed code is listed too") func listsFamilies() {
        for entry in ErrorCatalogue.all {
            guard let dot = entry.code.rawValue.firstIndex(of: ".") else { continue }
            let family = ErrorCode(rawValue: String(entry.code.rawValue[..<dot]))
            #expect(ErrorCatalogue.meaning(of: family) != nil, "\(family)")
        }
    }

    private func withoutFullStop(_ text: String) -> String {
        text.hasSuffix("。") ? String(text.dropLast()) : text
    }
}
