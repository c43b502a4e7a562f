// SPDX-License-Identifier: Apache-2.0

/// One input that strangers write, and what has to be true whatever they write.
///
/// A fuzzer looks for an input for which it is not true; `CorpusTests` shows in every test run that it is true for the
/// inputs that are known.
struct Harness: Sendable {
    /// What a fuzzer and the folder in `Corpora` are called.
    let name: String
    /// Reads an input as the program would.
    ///
    /// - Throws: ``BrokenPromise`` where what came of it is not right, or what was refused and should not have been. A
    ///   crash says so by itself.
    let check: @Sendable (_ input: ArraySlice<UInt8>) throws -> Void

    /// All of them.
    static let all: [Harness] = [
        .answer, .authorization, .configuration, .fastCGI, .form, .functionAnswer, .headers, .json, .multipart, .nginx,
        .page, .v1, .webhook,
    ]
}

/// What was not true.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
}

func require(_ condition: Bool, _ promise: @autoclosure () -> String) throws {
    guard condition else { throw BrokenPromise(description: promise()) }
}

/// Takes an input apart into the pieces that a harness needs.
struct Pieces {
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: ArraySlice<UInt8>) {
        rest = input
    }

    /// A choice among a few.
    mutating func choice(of count: Int) -> Int {
        Int(rest.popFirst() ?? 0) % count
    }

    /// The bytes up to the next line feed.
    mutating func line() -> ArraySlice<UInt8> {
        let line = rest.prefix { $0 != UInt8(ascii: "\n") }
        rest = rest.dropFirst(line.count + 1)
        return line
    }

    /// The same as text; what is no UTF-8 becomes U+FFFD, as in the parameters of a request.
    mutating func textLine() -> String { String(decoding: line(), as: UTF8.self) }
}
