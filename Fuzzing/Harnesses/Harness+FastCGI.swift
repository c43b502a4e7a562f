// SPDX-License-Identifier: Apache-2.0

@testable import FastCGI

extension Harness {
    /// The bytes of a connection: the first one chooses limits, the rest are records.
    ///
    /// However the bytes are cut, the same comes of them; no request holds more than it may; and when a request is over
    /// nothing of it is counted any more.
    static let fastCGI = Harness(name: "fastcgi") { input throws in
        var pieces = Pieces(input)
        let choice = pieces.choice(of: 8)
        let whole = try Feed.run(pieces.rest, cut: .max, choice)
        for cut in [1, 7, 8, 251] {
            let inPieces = try Feed.run(pieces.rest, cut: cut, choice)
            try require(inPieces == whole, "cut into \(cut) bytes: \(inPieces)\nwhole: \(whole)")
        }
    }
}

/// Feeds a reader as a connection would, and notes what comes of it.
private struct Feed {
    private let limits: RequestReader.Limits
    private let budget: ByteBudget
    private let finishesAtOnce: Bool
    private var reader: RequestReader
    private var events: [String] = []

    static func run(_ input: ArraySlice<UInt8>, cut: Int, _ choice: Int) throws -> [String] {
        var feed = Feed(choice)
        var rest = input
        while !rest.isEmpty {
            let piece = rest.prefix(cut)
            rest = rest.dropFirst(piece.count)
            guard try feed.take(piece) else { break }
        }
        feed.reader.finishRequest()
        try require(feed.budget.bytesHeld == 0, "\(feed.budget.bytesHeld) bytes are counted, and nothing is held")
        return feed.events
    }

    private init(_ choice: Int) {
        let isSmall = choice & 1 != 0
        limits = RequestReader.Limits(
            parameterBytes: isSmall ? 64 : 65_536, bodyBytes: isSmall ? 32 : 1 << 20,
            discardedBytes: isSmall ? 512 : 1 << 20)
        budget = ByteBudget(limit: choice & 2 != 0 ? 80 : 1 << 21)
        finishesAtOnce = choice & 4 == 0
        reader = RequestReader(limits: limits, budget: budget)
    }

    /// - Returns: Whether the connection goes on.
    private mutating func take(_ piece: ArraySlice<UInt8>) throws -> Bool {
        let bytes = Array(piece)
        var offset = 0
        while true {
            do {
                guard let event = try reader.next(bytes.span, &offset) else { return true }
                try note(event)
                if case .aborted = event { return false }
            } catch let error as ProtocolError {
                events.append("\(error)")
                return false
            }
            try require(offset <= bytes.count, "it has read past the end")
            try require(budget.bytesHeld <= budget.limit, "more is held than the budget allows")
            try require(
                budget.bytesHeld <= limits.parameterBytes + limits.bodyBytes, "one request holds more than it may")
        }
    }

    private mutating func note(_ event: RequestReader.Event) throws {
        switch event {
        case .request(let request):
            try checkBody(of: request)
            let pairs = request.parameters.pairs.map { "\($0.name)=\($0.value)" }
            events.append("request \(reader.requestId) \(reader.keepConnection) \(pairs) \(request.body)")
            if finishesAtOnce { reader.finishRequest() }
        case .refused(let refusal, let parameters):
            events.append("refused \(reader.requestId) \(refusal) \(parameters.pairs.count)")
            reader.finishRequest()
        case .reply(let bytes), .abandoned(let bytes):
            try checkRecord(bytes)
            events.append("reply \(bytes)")
        case .aborted:
            events.append("aborted")
        }
    }

    private func checkBody(of request: Request) throws {
        let announced = request.parameters["CONTENT_LENGTH"] ?? ""
        try require(
            request.body.count == (announced.isEmpty ? 0 : Int(announced)),
            "a body of \(request.body.count) bytes, announced as '\(announced)'")
        try require(request.body.count <= limits.bodyBytes, "the body is over the limit")
    }

    /// An answer is one record, whole, that a web server can read.
    private func checkRecord(_ bytes: [UInt8]) throws {
        try require(bytes.count >= 8 && bytes[0] == 1, "a reply that is no record")
        let length = Int(bytes[4]) << 8 | Int(bytes[5])
        try require(bytes.count == 8 + length + Int(bytes[6]), "a reply whose length is wrong")
    }
}
