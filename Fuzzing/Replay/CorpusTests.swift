// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Everything that fuzzing has been started with, and everything it has ever found, once more.
@Suite("Corpora of the fuzzers") struct CorpusTests {
    @Test("keep every promise", arguments: Harness.all) func replay(harness: Harness) throws {
        let inputs = try Corpus.inputs(of: harness)
        #expect(!inputs.isEmpty)
        for (name, input) in inputs {
            do {
                try harness.check(input[...])
            } catch {
                Issue.record("\(harness.name)/\(name): \(error)")
            }
        }
    }

    /// Else nothing that is refused would say anything.
    @Test("begin with calls that are let in") func rightOnes() throws {
        func input(_ harness: Harness, _ name: String) throws -> [UInt8] {
            try #require(try Corpus.inputs(of: harness).first { $0.name == name }).bytes
        }
        for name in ["right", "port", "spaces"] {
            let call = TC3Input(try input(.authorization, name)[...])
            #expect(call.caller(TC3Input.verifier()) != nil, "\(name)")
        }
        for name in ["sha256", "sha1", "ampersand"] {
            #expect(Harness.verifiedByV1(try input(.v1, name)[...], Harness.verifierOfV1()) != nil, "\(name)")
        }
    }

    @Test("belong to a harness each") func folders() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Corpus.folder.path)
        #expect(Set(folders) == Set(Harness.all.map(\.name)))
    }
}

enum Corpus {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Corpora")

    static func inputs(of harness: Harness) throws -> [(name: String, bytes: [UInt8])] {
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: harness.name), includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.map { ($0.lastPathComponent, Array(try Data(contentsOf: $0))) }
    }
}

extension Harness: CustomTestStringConvertible {
    var testDescription: String { name }
}
