// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FastCGI

/// A sequence of records and what has to come of it.
struct Sequence: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let outcomes: [Outcome]
    var testDescription: String { name }

    init(_ name: String, _ records: [[UInt8]], _ outcomes: [Outcome]) {
        self.name = name
        bytes = records.flatMap { $0 }
        self.outcomes = outcomes
    }
}

private let body = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
private let name = Wire.pair("A", "1")
private let served = Outcome.request(["A=1"], body: [], id: 1, keep: true)
private func length(_ text: String) -> [UInt8] { Wire.pair("CONTENT_LENGTH", text) }
/// A request without a body, in its parts.
private let begin = Wire.beginRequest()
private let parameters = Wire.stream(Wire.parameters, name)
private let noBody = Wire.record(Wire.input)

private let cannotMultiplex = Outcome.reply([.endRequest(1, id: 2)])

enum Sequences {
    static let requests: [Sequence] = [
        Sequence("without body", [begin, parameters, noBody], [served]),
        Sequence(
            "without parameters", [begin, Wire.record(Wire.parameters), noBody],
            [
                .request([], body: [], id: 1, keep: true)
            ]),
        Sequence("two on one connection", [begin, parameters, noBody, begin, parameters, noBody], [served, served]),
        Sequence(
            "keep_conn off", [Wire.beginRequest(flags: 0), parameters, noBody],
            [
                .request(["A=1"], body: [], id: 1, keep: false)
            ]),
        Sequence(
            "other flags are ignored", [Wire.beginRequest(flags: 0xFE), parameters, noBody],
            [
                .request(["A=1"], body: [], id: 1, keep: false)
            ]),
        Sequence(
            "the highest id", [Wire.request([("A", "1")], id: 65_535)],
            [
                .request(["A=1", "CONTENT_LENGTH=0"], body: [], id: 65_535, keep: true)
            ]),
        Sequence(
            "a body in many records",
            [
                begin, Wire.stream(Wire.parameters, length("70000")),
                Wire.stream(Wire.input, body, piece: 999, padding: 255),
            ], [.request(["CONTENT_LENGTH=70000"], body: body, id: 1, keep: true)]),
        Sequence(
            "parameters cut anywhere",
            [
                begin, Wire.stream(Wire.parameters, Wire.pair("NAME", String(repeating: "v", count: 300)), piece: 1),
                noBody,
            ], [.request(["NAME=" + String(repeating: "v", count: 300)], body: [], id: 1, keep: true)]),
        Sequence(
            "padding on every record",
            [
                begin, Wire.record(Wire.parameters, name, padding: 255), Wire.record(Wire.parameters, padding: 255),
                Wire.record(Wire.input, padding: 255), begin, parameters, noBody,
            ], [served, served]),
        Sequence(
            "names of 127, 128 and 70 bytes",
            [
                begin,
                Wire.stream(
                    Wire.parameters,
                    Wire.pair(String(repeating: "n", count: 127), "")
                        + Wire.pair(String(repeating: "m", count: 128), "x")
                        + Wire.pair("", String(repeating: "o", count: 70))),
                noBody,
            ],
            [
                .request(
                    [
                        String(repeating: "n", count: 127) + "=", String(repeating: "m", count: 128) + "=x",
                        "=" + String(repeating: "o", count: 70),
                    ], body: [], id: 1, keep: true)
            ]),
        Sequence(
            "four-byte lengths below 128",
            [
                begin, Wire.stream(Wire.parameters, [0x80, 0, 0, 1, 0x80, 0, 0, 1] + Array("A1".utf8)), noBody,
            ], [served]),
    ]

    static let broken: [Sequence] = [
        Sequence("wrong version", [Wire.record(Wire.begin, version: 2)], [.failed(.wrongVersion(2))]),
        Sequence("HTTP", [Array("GET / HTTP/1.1\r\n\r\n".utf8)], [.failed(.wrongVersion(71))]),
        Sequence(
            "wrong version in the middle", [begin, Wire.record(Wire.parameters, name, version: 0)],
            [
                .failed(.wrongVersion(0))
            ]),
        Sequence(
            "BEGIN of 7 bytes", [Wire.record(Wire.begin, [0, 1, 1, 0, 0, 0, 0])], [.failed(.malformedBeginRequest)]),
        Sequence(
            "BEGIN of 9 bytes", [Wire.record(Wire.begin, [0, 1, 1, 0, 0, 0, 0, 0, 0])],
            [
                .failed(.malformedBeginRequest)
            ]),
        Sequence("empty BEGIN", [Wire.record(Wire.begin)], [.failed(.malformedBeginRequest)]),
        Sequence("BEGIN again while parameters come", [begin, begin], [.failed(.unexpectedRecord(kind: 1))]),
        Sequence(
            "BEGIN again while the body comes", [begin, parameters, begin], [.failed(.unexpectedRecord(kind: 1))]),
        Sequence(
            "body before the parameters' end", [begin, Wire.record(Wire.input, [1])],
            [
                .failed(.unexpectedRecord(kind: 5))
            ]),
        Sequence("end of the body before the parameters' end", [begin, noBody], [.failed(.unexpectedRecord(kind: 5))]),
        Sequence(
            "parameters after their end", [begin, parameters, Wire.record(Wire.parameters, name)],
            [
                .failed(.unexpectedRecord(kind: 4))
            ]),
        Sequence(
            "the parameters' end twice", [begin, parameters, Wire.record(Wire.parameters)],
            [
                .failed(.unexpectedRecord(kind: 4))
            ]),
        Sequence("DATA", [begin, parameters, Wire.record(Wire.data, [1])], [.failed(.unexpectedRecord(kind: 8))]),
        Sequence(
            "STDOUT from the web server", [begin, Wire.record(Wire.output, [1])],
            [
                .failed(.unexpectedRecord(kind: 6))
            ]),
        Sequence(
            "an unknown kind for the active request", [begin, Wire.record(99)],
            [
                .failed(.unexpectedRecord(kind: 99))
            ]),
        Sequence(
            "GET_VALUES over its bound", [Wire.record(Wire.getValues, [UInt8](repeating: 0, count: 1025), id: 0)],
            [
                .failed(.managementRecordTooLong)
            ]),
        Sequence(
            "a name longer than what there is", [begin, Wire.stream(Wire.parameters, [2, 0, 65])],
            [
                .failed(.malformedParameters)
            ]),
        Sequence(
            "a value longer than what there is", [begin, Wire.stream(Wire.parameters, [1, 2, 65, 66])],
            [
                .failed(.malformedParameters)
            ]),
        Sequence(
            "the longest name and value",
            [
                begin, Wire.stream(Wire.parameters, [255, 255, 255, 255, 255, 255, 255, 255]),
            ], [.failed(.malformedParameters)]),
        Sequence(
            "half a length", [begin, Wire.stream(Wire.parameters, [1, 128, 0, 0])], [.failed(.malformedParameters)]),
        Sequence("a name's length alone", [begin, Wire.stream(Wire.parameters, [1])], [.failed(.malformedParameters)]),
    ]

    static let others: [Sequence] = [
        Sequence(
            "unknown role", [Wire.beginRequest(role: 2), parameters, noBody, begin, parameters, noBody],
            [
                .reply([.endRequest(3)]), served,
            ]),
        Sequence("role 257", [Wire.beginRequest(role: 257)], [.reply([.endRequest(3)])]),
        Sequence(
            "another BEGIN while parameters come", [begin, Wire.request(id: 2), parameters, noBody],
            [
                cannotMultiplex, served,
            ]),
        Sequence(
            "another BEGIN while the body comes", [begin, parameters, Wire.request(id: 2), noBody],
            [
                cannotMultiplex, served,
            ]),
        Sequence(
            "records of inactive ids",
            [
                Wire.record(Wire.parameters, name, id: 9), Wire.record(Wire.input, name, id: 1), noBody, begin,
                Wire.record(Wire.input, name, id: 2), Wire.record(99, name, id: 2, padding: 9), parameters,
                Wire.record(Wire.parameters, id: 2), Wire.record(Wire.input, id: 2), noBody,
            ], [served]),
        Sequence("ABORT when there is nothing", [Wire.record(Wire.abort), begin, parameters, noBody], [served]),
        Sequence("ABORT of another request", [begin, Wire.record(Wire.abort, id: 2), parameters, noBody], [served]),
        Sequence(
            "ABORT while parameters come",
            [
                begin, Wire.record(Wire.parameters, name), Wire.record(Wire.abort, [1, 2, 3]), begin, parameters,
                noBody,
            ], [.reply([.endRequest(0)]), served]),
        Sequence(
            "ABORT while the body comes",
            [
                begin, Wire.stream(Wire.parameters, length("9")), Wire.record(Wire.input, [1]), Wire.record(Wire.abort),
                Wire.record(Wire.input, [2]), noBody, begin, parameters, noBody,
            ], [.reply([.endRequest(0)]), served]),
        Sequence(
            "ABORT of what is being discarded",
            [
                begin, Wire.stream(Wire.parameters, length("x")), Wire.record(Wire.input, [1]), Wire.record(Wire.abort),
                begin,
                parameters, noBody,
            ], [.reply([.endRequest(0)]), served]),
        Sequence(
            "unknown management record", [Wire.record(77, name, id: 0, padding: 5), begin, parameters, noBody],
            [
                .reply([WireRecord(kind: Wire.unknownType, id: 0, content: [77, 0, 0, 0, 0, 0, 0, 0])]), served,
            ]),
        Sequence(
            "BEGIN with id 0", [Wire.beginRequest(id: 0)],
            [
                .reply([WireRecord(kind: Wire.unknownType, id: 0, content: [1, 0, 0, 0, 0, 0, 0, 0])])
            ]),
        Sequence(
            "GET_VALUES in the middle",
            [
                begin, Wire.record(Wire.getValues, Wire.pair("FCGI_MPXS_CONNS", ""), id: 0), parameters,
                Wire.record(Wire.getValues, [], id: 0), noBody,
            ],
            [
                .reply([WireRecord(kind: Wire.getValuesResult, id: 0, content: Wire.pair("FCGI_MPXS_CONNS", "0"))]),
                .reply([WireRecord(kind: Wire.getValuesResult, id: 0, content: [])]), served,
            ]),
        Sequence(
            "too little body",
            [
                begin, Wire.stream(Wire.parameters, length("5")), Wire.stream(Wire.input, [1, 2, 3, 4]),
            ], [.refused(.bodyTooShort(received: 4, announced: 5), ["CONTENT_LENGTH=5"])]),
        Sequence(
            "too much body",
            [
                begin, Wire.stream(Wire.parameters, length("5")),
                Wire.stream(Wire.input, [1, 2, 3, 4, 5, 6], piece: 2), begin,
                parameters, noBody,
            ], [.refused(.bodyTooLong(announced: 5), ["CONTENT_LENGTH=5"]), served]),
        Sequence(
            "a body that was not announced", [begin, parameters, Wire.stream(Wire.input, [1])],
            [
                .refused(.bodyTooLong(announced: 0), ["A=1"])
            ]),
    ]

    static let all = requests + broken + others
}

@Suite struct RequestReaderTests {
    @Test(arguments: Sequences.all)
    func aSequenceComesOutTheSameHoweverItIsCut(_ sequence: Sequence) {
        var whole = ReaderDriver()
        whole.feed(sequence.bytes)
        #expect(whole.outcomes == sequence.outcomes)
        #expect(whole.budget.bytesHeld == 0)

        var single = ReaderDriver()
        for byte in sequence.bytes where !single.failed { single.feed([byte]) }
        #expect(single.outcomes == sequence.outcomes)
        #expect(single.budget.bytesHeld == 0)

        for seed in 0..<20 {
            var random = SeededRandom(seed: UInt64(seed))
            var driver = ReaderDriver()
            var rest = sequence.bytes[...]
            while !rest.isEmpty, !driver.failed {
                let piece = rest.prefix(Int.random(in: 1...(seed < 10 ? 40 : 5000), using: &random))
                driver.feed(Array(piece))
                rest = rest.dropFirst(piece.count)
            }
            #expect(driver.outcomes == sequence.outcomes, "seed \(seed)")
            #expect(driver.budget.bytesHeld == 0)
        }
    }

    /// Broken input never traps, and never makes the reader hold more than it may.
    @Test func mutatedSequencesAreTakenOrRefused() {
        var random = SeededRandom(seed: 4711)
        for sequence in Sequences.all where sequence.bytes.count < 5000 {
            for _ in 0..<200 {
                var bytes = sequence.bytes + sequence.bytes
                for _ in 0...Int.random(in: 0..<4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                var driver = ReaderDriver(budget: 50_000)
                driver.feed(bytes)
                #expect(driver.budget.bytesHeld >= 0 && driver.budget.bytesHeld <= 50_000)
                driver.reader.finishRequest()
                #expect(driver.budget.bytesHeld == 0)
            }
        }
    }

    // MARK: Bounds

    @Test(arguments: [(0, true), (2, true), (65_535, true), (65_536, true), (65_537, false), (200_000, false)])
    func parametersHaveABound(size: Int, isTaken: Bool) {
        // One byte for the name's length, four for the value's, one for the name.
        let encoded =
            size < 6 ? [UInt8](repeating: 0, count: size) : Wire.pair([65], [UInt8](repeating: 118, count: size - 6))
        #expect(encoded.count == size)
        for piece in [65_535, 1000] {
            let outcomes = ReaderDriver.run(begin + Wire.stream(Wire.parameters, encoded, piece: piece) + noBody)
            #expect(outcomes.count == 1)
            if case .request(let lines, _, _, _) = outcomes.first {
                #expect(isTaken)
                #expect(lines.reduce(0) { $0 + $1.utf8.count } == (size < 6 ? size / 2 : size - 4))
            } else {
                #expect(!isTaken)
                #expect(outcomes == [.refused(.parametersTooLarge(limit: 65_536), [])])
            }
        }
    }

    @Test(arguments: [(0, true), (1, true), (99_999, true), (100_000, true), (100_001, false), (4 << 30, false)])
    func theBodyHasABound(size: Int, isTaken: Bool) {
        let body = [UInt8](repeating: 7, count: min(size, 100_001))
        let outcomes = ReaderDriver.run(
            begin + Wire.stream(Wire.parameters, length(String(size))) + Wire.stream(Wire.input, body))
        if isTaken {
            #expect(outcomes == [.request(["CONTENT_LENGTH=\(size)"], body: body, id: 1, keep: true)])
        } else {
            #expect(
                outcomes == [
                    .refused(.bodyTooLarge(announced: size, limit: 100_000), ["CONTENT_LENGTH=\(size)"])
                ])
        }
    }

    @Test(arguments: ["", "0", "00", "000000000000000000"])
    func theseLengthsMeanNoBody(_ text: String) {
        let outcomes = ReaderDriver.run(begin + Wire.stream(Wire.parameters, length(text)) + noBody)
        #expect(outcomes == [.request(["CONTENT_LENGTH=\(text)"], body: [], id: 1, keep: true)])
    }

    @Test(arguments: [
        "+1", "-1", " 5", "5 ", "1e3", "0x5", "5,5", "5.0", "5\0", "\0", " ", "९", "5\r\n", "9999999999999999999",
        "18446744073709551617", "0000000000000000005",
    ])
    func theseLengthsAreMalformed(_ text: String) {
        let outcomes = ReaderDriver.run(
            begin + Wire.stream(Wire.parameters, length(text)) + Wire.stream(Wire.input, [1, 2, 3, 4, 5]))
        #expect(outcomes == [.refused(.malformedContentLength, ["CONTENT_LENGTH=\(text)"])])
    }

    @Test func theFirstOfTwoLengthsCounts() {
        let outcomes = ReaderDriver.run(
            begin + Wire.stream(Wire.parameters, length("1") + length("2")) + Wire.stream(Wire.input, [9]))
        #expect(outcomes == [.request(["CONTENT_LENGTH=1", "CONTENT_LENGTH=2"], body: [9], id: 1, keep: true)])
    }

    @Test(arguments: [(1000, false), (1001, true)])
    func discardingHasABound(size: Int, isGivenUp: Bool) {
        let driver = ReaderDriver(discardedBytes: 1000)
        let refused = begin + Wire.stream(Wire.parameters, length("x"))
        let outcomes = ReaderDriver.run(
            refused + Wire.stream(Wire.input, [UInt8](repeating: 0, count: size), piece: 100), driver)
        #expect(
            outcomes == [
                isGivenUp ? .failed(.tooMuchToDiscard) : .refused(.malformedContentLength, ["CONTENT_LENGTH=x"])
            ])
        // Records of requests that are not active count as well, and a request starts the count again.
        let junk = Wire.stream(Wire.input, [UInt8](repeating: 0, count: size), id: 9, piece: 100)
        #expect((ReaderDriver.run(junk, driver) == [.failed(.tooMuchToDiscard)]) == isGivenUp)
        let half = Wire.record(Wire.input, [UInt8](repeating: 0, count: 600), id: 9)
        let request = begin + parameters + noBody
        #expect(ReaderDriver.run(half + request + half + request, driver) == [served, served])
    }

    // MARK: The budget

    @Test func bytesAreCountedWhileTheyAreHeld() {
        var driver = ReaderDriver()
        driver.finishesAtOnce = false
        driver.feed(begin + Wire.stream(Wire.parameters, length("5")))
        let header = length("5").count
        #expect(driver.budget.bytesHeld == header)
        driver.feed(Wire.record(Wire.input, [1, 2, 3]))
        // More than a sixteenth of it has come: there is room for all five.
        #expect(driver.budget.bytesHeld == header + 5)
        driver.feed(Wire.stream(Wire.input, [4, 5]))
        #expect(driver.outcomes.count == 1)
        #expect(driver.budget.bytesHeld == header + 5)
        let left = driver.reader.handOverBytes()
        #expect(left == header + 5)
        driver.reader.finishRequest()
        #expect(driver.budget.bytesHeld == left)
        driver.budget.giveBack(left)
        #expect(driver.budget.bytesHeld == 0)
    }

    @Test func whatIsAnnouncedIsNotCounted() {
        var driver = ReaderDriver(budget: 1000)
        driver.feed(begin + Wire.stream(Wire.parameters, length("100000")))
        #expect(driver.budget.bytesHeld == length("100000").count)
    }

    /// What memory is reserved for is counted: a sixteenth makes the room for the whole.
    @Test(arguments: [(6_249, 6_249), (6_250, 100_000), (50_000, 100_000), (100_000, 100_000)])
    func roomIsCountedWhenItIsMade(sent: Int, held: Int) {
        var driver = ReaderDriver()
        driver.finishesAtOnce = false
        driver.feed(begin + Wire.stream(Wire.parameters, length("100000")))
        let before = driver.budget.bytesHeld
        driver.feed(Wire.record(Wire.input, [UInt8](repeating: 1, count: min(sent, 60_000))))
        if sent > 60_000 { driver.feed(Wire.record(Wire.input, [UInt8](repeating: 1, count: sent - 60_000))) }
        #expect(driver.budget.bytesHeld == before + held)
        driver.reader.finishRequest()
        #expect(driver.budget.bytesHeld == 0)
    }

    @Test func roomThatTheBudgetDoesNotHaveIsNotMade() {
        var driver = ReaderDriver(budget: 50_000)
        driver.feed(begin + Wire.stream(Wire.parameters, length("100000")))
        let before = driver.budget.bytesHeld
        driver.feed(Wire.record(Wire.input, [UInt8](repeating: 1, count: 6_000)))
        #expect(driver.budget.bytesHeld == before + 6_000)
        driver.feed(Wire.record(Wire.input, [UInt8](repeating: 1, count: 1_000)))
        #expect(driver.budget.bytesHeld == before)
        driver.feed(noBody)
        #expect(driver.outcomes == [.refused(.overloaded(limit: 50_000), ["CONTENT_LENGTH=100000"])])
        #expect(driver.budget.bytesHeld == 0)
    }

    @Test func requestsShareTheBudget() {
        var first = ReaderDriver(budget: 1000)
        var second = first  // Same budget, another connection.
        let announcement = begin + Wire.stream(Wire.parameters, length("600"))
        first.feed(announcement + Wire.record(Wire.input, [UInt8](repeating: 1, count: 500)))
        second.feed(announcement + Wire.record(Wire.input, [UInt8](repeating: 1, count: 30)))
        let held = first.budget.bytesHeld
        second.feed(Wire.record(Wire.input, [UInt8](repeating: 1, count: 370)))
        // What the second held of a body is free at once; its parameters are needed for the answer.
        #expect(first.budget.bytesHeld == held - 30)
        second.feed(noBody)
        #expect(second.outcomes == [.refused(.overloaded(limit: 1000), ["CONTENT_LENGTH=600"])])
        first.feed(Wire.stream(Wire.input, [UInt8](repeating: 1, count: 100)))
        guard case .request = first.outcomes.last else {
            Issue.record("the first was to be served: \(first.outcomes)")
            return
        }
        #expect(first.budget.bytesHeld == 0)
    }

    @Test func parametersCountToo() {
        let outcomes = ReaderDriver.run(
            begin + Wire.stream(Wire.parameters, Wire.pair("A", String(repeating: "b", count: 200))) + noBody,
            ReaderDriver(budget: 100))
        #expect(outcomes == [.refused(.overloaded(limit: 100), [])])
    }

    @Test func aBudgetTakesAllOrNothing() {
        let budget = ByteBudget(limit: 10)
        #expect(budget.take(10) && !budget.take(1) && budget.take(0))
        #expect(budget.bytesHeld == 10)
        budget.giveBack(4)
        #expect(!budget.take(5) && budget.take(4))
        budget.giveBack(10)
        #expect(budget.bytesHeld == 0)
    }

    // MARK: While a request is being answered

    static let meanwhile = [
        Sequence("another BEGIN", [Wire.request(id: 2)], [cannotMultiplex]),
        Sequence("ABORT", [Wire.record(Wire.abort)], [.aborted]),
        Sequence("ABORT of another", [Wire.record(Wire.abort, id: 2)], []),
        Sequence("the same id again", [begin], [.failed(.unexpectedRecord(kind: 1))]),
        Sequence("more body", [Wire.record(Wire.input, [1])], [.failed(.unexpectedRecord(kind: 5))]),
        Sequence("the body's end again", [noBody], [.failed(.unexpectedRecord(kind: 5))]),
        Sequence("more parameters", [Wire.record(Wire.parameters, name)], [.failed(.unexpectedRecord(kind: 4))]),
        Sequence(
            "an unknown management record", [Wire.record(200, id: 0)],
            [.reply([WireRecord(kind: Wire.unknownType, id: 0, content: [200, 0, 0, 0, 0, 0, 0, 0])])]),
    ]

    @Test(arguments: meanwhile)
    func whileARequestIsBeingAnswered(_ sequence: Sequence) {
        var driver = ReaderDriver()
        driver.finishesAtOnce = false
        driver.feed(begin + parameters + noBody)
        #expect(!driver.reader.isMidRequest)
        driver.feed(sequence.bytes)
        #expect(driver.outcomes == [served] + sequence.outcomes)
        driver.reader.finishRequest()
        #expect(driver.budget.bytesHeld == 0)
    }

    @Test func aReaderKnowsWhetherItIsInTheMiddle() {
        var driver = ReaderDriver()
        #expect(!driver.reader.isMidRequest)
        driver.feed([1])
        #expect(driver.reader.isMidRequest)
        driver.feed(Array(begin.dropFirst()))
        #expect(driver.reader.isMidRequest)
        driver.feed(parameters)
        #expect(driver.reader.isMidRequest)
        driver.feed(noBody)
        #expect(!driver.reader.isMidRequest)
        driver.feed(Array(Wire.record(Wire.getValues, [0, 0], id: 0).dropLast()))
        #expect(driver.reader.isMidRequest)
        driver.feed([0])
        #expect(!driver.reader.isMidRequest)
    }

    // MARK: GET_VALUES

    static let known = [("FCGI_MAX_CONNS", "1024"), ("FCGI_MAX_REQS", "1024"), ("FCGI_MPXS_CONNS", "0")]

    private func values(_ content: [UInt8]) -> [String]? {
        guard case .reply(let records) = ReaderDriver.run(Wire.record(Wire.getValues, content, id: 0)).last,
            records.count == 1, records[0].kind == Wire.getValuesResult, records[0].id == 0,
            let parameters = Parameters(encoded: records[0].content)
        else { return nil }
        return ReaderDriver.lines(parameters)
    }

    @Test func valuesAreToldOnceEach() {
        let all = Self.known.flatMap { Wire.pair($0.0, "") }
        #expect(values(all) == Self.known.map { "\($0.0)=\($0.1)" })
        for (name, value) in Self.known { #expect(values(Wire.pair(name, "ignored")) == ["\(name)=\(value)"]) }
        let repeated = (0..<40).flatMap { _ in Wire.pair("FCGI_MAX_CONNS", "") }
        #expect(values(repeated) == ["FCGI_MAX_CONNS=1024"])
        #expect(values(Wire.pair("FCGI_UNKNOWN", "") + Wire.pair("fcgi_max_conns", "")) == [])
        #expect(values([]) == [])
        // Malformed: no value.
        #expect(values([14]) == [])
        #expect(values(Wire.pair("FCGI_MAX_REQS", "") + [200, 1]) == [])
        #expect(values([UInt8](repeating: 0, count: 1024)) == [])
    }
}
