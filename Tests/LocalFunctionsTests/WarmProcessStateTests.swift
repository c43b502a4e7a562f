// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LocalFunctions

/// What a process that stays is doing, without a process.
@Suite struct WarmProcessStateTests {
    private let answer = RunnerAnswer(status: 0, peakMemory: 1, isLast: false, body: [1])
    private var log: LogTail {
        var log = LogTail()
        log.append([65])
        return log
    }

    private func busy() -> WarmProcessState {
        var state = WarmProcessState()
        let outcome1 = state.begin()
        #expect(outcome1)
        return state
    }

    @Test("an event is done when both its answer and the end of its log are there", arguments: [true, false])
    func answered(answerFirst: Bool) {
        var state = busy()
        if answerFirst { _ = state.answered(answer) } else { state.logEnded(log) }
        let outcome14 = state.takeCompletion()
        #expect(outcome14 == nil)
        #expect(state.phase == .busy)
        if answerFirst { state.logEnded(log) } else { _ = state.answered(answer) }
        guard case .answered(let given, let log)? = state.takeCompletion() else {
            Issue.record("another completion")
            return
        }
        #expect(given == answer && log.bytes == [65])
        let outcome15 = state.takeCompletion()
        #expect(outcome15 == nil)
        #expect(state.phase == .idle)
        let outcome2 = state.begin()
        #expect(outcome2)
    }

    @Test("after its last answer a process takes no further event")
    func last() {
        var state = busy()
        state.logEnded(log)
        let outcome3 = state.answered(RunnerAnswer(status: 439, peakMemory: 1, isLast: true, body: []))
        #expect(outcome3)
        guard case .answered? = state.takeCompletion() else {
            Issue.record("another completion")
            return
        }
        #expect(state.phase == .leaving)
        let outcome4 = state.begin()
        #expect(!outcome4)
    }

    @Test("one event at a time, and none after the end")
    func begin() {
        var state = busy()
        let outcome5 = state.begin()
        #expect(!outcome5)
        state.ended(.exited(0), log: log)
        let outcome6 = state.begin()
        #expect(!outcome6)
        let outcome7 = state.stop(.memory)
        #expect(!outcome7)
    }

    @Test("an answer to nothing is noticed")
    func unasked() {
        var state = WarmProcessState()
        let outcome8 = state.answered(answer)
        #expect(!outcome8)
        let outcome9 = state.begin()
        #expect(outcome9)
        let outcome10 = state.answered(answer)
        #expect(outcome10)
        let outcome11 = state.answered(answer)
        #expect(!outcome11)
    }

    @Test("a process that ends meanwhile ends its event")
    func died() {
        var state = busy()
        state.ended(.killed(signal: 11), log: log)
        guard case .died(.killed(signal: 11), _)? = state.takeCompletion() else {
            Issue.record("another completion")
            return
        }
        #expect(state.phase == .gone)
    }

    @Test("of several reasons to stop the first counts, and what comes after it is too late")
    func stopped() {
        var state = busy()
        let outcome12 = state.stop(.time)
        #expect(outcome12)
        let outcome13 = state.stop(.memory)
        #expect(outcome13)
        state.logEnded(log)
        _ = state.answered(answer)
        let outcome16 = state.takeCompletion()
        #expect(outcome16 == nil)
        state.ended(.killed(signal: 9), log: log)
        guard case .stopped(.time, _)? = state.takeCompletion() else {
            Issue.record("another completion")
            return
        }
    }

    @Test("a process that ends while it waits ends no event")
    func diedWaiting() {
        var state = WarmProcessState()
        state.ended(.exited(0), log: log)
        let outcome17 = state.takeCompletion()
        #expect(outcome17 == nil)
        #expect(state.phase == .gone)
    }
}

/// Answers of a runner, in pieces.
@Suite struct RunnerAnswerReaderTests {
    @Test("an answer is read in pieces of any size, one after the other", arguments: [1, 2, 3, 7, 100])
    func pieces(size: Int) throws {
        var reader = RunnerAnswerReader(bodyLimit: 100)
        for body in ["hello\n0 1 2 0\n", "", "x"] {
            let bytes = Array("430 4096 \(body.utf8.count) 1\n\(body)".utf8)
            var answers: [RunnerAnswer] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                if let answer = try reader.read(bytes[start..<min(start + size, bytes.count)]) {
                    answers.append(answer)
                }
            }
            #expect(answers == [RunnerAnswer(status: 430, peakMemory: 4096, isLast: true, body: Array(body.utf8))])
        }
    }

    @Test(
        "what is no answer is refused at once",
        arguments: [
            "\n", "0 0 3\nabc", "0 0 3 0 0\nabc", "0 0 101 0\n", "0 -1 3 0\n", "a b c d\n", "0 0 1 0\nab",
            "0 0 99999999999999999999 0\n", String(repeating: "0", count: 80),
        ])
    func garbage(text: String) {
        var reader = RunnerAnswerReader(bodyLimit: 100)
        #expect(throws: RunnerAnswerReader.Garbage.self) { try reader.read(Array(text.utf8)) }
    }
}

/// The parts of a log that belong to one event each.
@Suite struct EventLogTests {
    @Test("parts end at the mark, in pieces of any size", arguments: 1...12)
    func parts(size: Int) {
        var log = EventLog(mark: "\0mark".utf8)
        let bytes = Array("one\0mar\0\0markmark\0m\0mark\0markrest\0mar".utf8)
        var parts: [String] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            let part = log.append(bytes[start..<min(start + size, bytes.count)])
            if let part { parts.append(String(decoding: part.bytes, as: UTF8.self)) }
        }
        if size <= 5 { #expect(parts == ["one\0mar\0", "mark\0m", ""]) }  // no piece has two marks
        #expect(parts.last == "")
        #expect(String(decoding: log.finish().bytes, as: UTF8.self) == "rest\0mar")
    }
}
