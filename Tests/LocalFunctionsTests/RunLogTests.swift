// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LocalFunctions

/// The last 4 KB of a log.
@Suite struct RunLogTests {
    private func log(_ tail: LogTail) -> String {
        RunLog(
            requestId: "id", tail: tail, failure: nil, duration: .microseconds(1499), memoryLimitMB: 128,
            memoryUsed: 74_870_784
        ).lastLines
    }

    @Test("a short log, line by line")
    func short() {
        var tail = LogTail()
        tail.append(Array("hello".utf8))
        let expected = """
            START RequestId: id
            Event RequestId: id
            hello
             \nEND RequestId: id
            Report RequestId: id Duration:1ms Memory:128MB MemUsage:71.402344MB

            """
        #expect(log(tail) == expected)
    }

    @Test("a long log is cut between characters", arguments: ["é", "你", "🚀"], 0..<4)
    func cut(character: String, offset: Int) {
        var tail = LogTail()
        for piece in [String(repeating: "x", count: offset), String(repeating: character, count: 40_000)] {
            tail.append(Array(piece.utf8))
        }
        let text = log(tail)
        #expect(text.hasPrefix(character))
        #expect((4093...4096).contains(text.utf8.count))
    }

    @Test("many small pieces are kept as one")
    func pieces() {
        var tail = LogTail()
        for number in 0..<50_000 { tail.append(Array("\(number)\n".utf8)) }
        #expect(log(tail).contains("\n49998\n49999\n \n"))
        #expect(tail.bytes.count <= 16 * LogTail.limit)
    }
}
