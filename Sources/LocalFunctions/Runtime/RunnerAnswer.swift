// SPDX-License-Identifier: Apache-2.0

/// What a runner answers to an event: a line `STATUS PEAK LENGTH LAST`, then LENGTH bytes.
struct RunnerAnswer: Sendable, Equatable {
    /// 0, or one of the cloud's function status codes.
    let status: Int
    /// The most memory that the process had meanwhile, in bytes.
    let peakMemory: Int
    /// Whether the process takes no further event.
    let isLast: Bool
    /// The result, or what went wrong.
    let body: [UInt8]

    /// The result, or the failure that the answer tells of.
    func result(resultLimit: Int) throws(FunctionFailure) -> [UInt8] {
        guard status != 0 else { return body }
        throw FunctionFailure(
            runnerStatus: status, text: String(decoding: body, as: UTF8.self), resultLimit: resultLimit)
    }
}

/// Reads the answers of one process, in pieces of any size. Each bound is checked before memory is taken.
struct RunnerAnswerReader: Sendable {
    /// Something came that is no answer: whoever wrote it was not the runner.
    struct Garbage: Error {}

    /// Four numbers.
    private static let longestHeader = 80

    private struct Header {
        let status: Int
        let peakMemory: Int
        let length: Int
        let isLast: Bool

        init(_ line: ArraySlice<UInt8>, bodyLimit: Int) throws(Garbage) {
            let numbers = line.split(separator: UInt8(ascii: " ")).map {
                Int(String(decoding: $0, as: UTF8.self)) ?? -1
            }
            guard numbers.count == 4, numbers.allSatisfy({ $0 >= 0 }), numbers[2] <= bodyLimit else { throw Garbage() }
            (status, peakMemory, length, isLast) = (numbers[0], numbers[1], numbers[2], numbers[3] != 0)
        }
    }

    private let bodyLimit: Int
    private var unread: [UInt8] = []
    private var header: Header?

    /// `bodyLimit`: bytes of a result, or of what went wrong.
    init(bodyLimit: Int) {
        self.bodyLimit = bodyLimit
    }

    /// Takes a piece of what the process wrote.
    ///
    /// - Returns: The answer, where it is complete with this piece.
    mutating func read(_ piece: some Collection<UInt8>) throws(Garbage) -> RunnerAnswer? {
        unread += piece
        if header == nil {
            guard let lineEnd = unread.prefix(Self.longestHeader).firstIndex(of: UInt8(ascii: "\n")) else {
                guard unread.count < Self.longestHeader else { throw Garbage() }
                return nil
            }
            header = try Header(unread[..<lineEnd], bodyLimit: bodyLimit)
            unread.removeFirst(lineEnd + 1)
        }
        guard let header, unread.count >= header.length else { return nil }
        // There is one answer to one call; what comes after it answers nothing.
        guard unread.count == header.length else { throw Garbage() }
        defer { (self.header, unread) = (nil, []) }
        return RunnerAnswer(
            status: header.status, peakMemory: header.peakMemory, isLast: header.isLast, body: unread)
    }
}
