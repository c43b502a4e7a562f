// SPDX-License-Identifier: Apache-2.0

/// Divides what a process that stays writes to its log into the parts of its events, by the mark that ends each.
struct EventLog: Sendable {
    private let mark: [UInt8]
    /// The end of the last piece, where it may be the beginning of a mark.
    private var held: [UInt8] = []
    /// The end of the part that has not ended yet. What is written between two events belongs to the later one.
    private(set) var tail = LogTail()

    /// The first byte of `mark` must not occur in it again.
    init(mark: some Sequence<UInt8>) {
        self.mark = Array(mark)
        precondition(!self.mark.isEmpty, "every part would end at once")
    }

    /// Takes a piece of the log.
    ///
    /// - Returns: The part that ended in it, if one did.
    mutating func append(_ piece: some Sequence<UInt8>) -> LogTail? {
        let bytes = held + piece
        held = []
        var ended: LogTail?
        var rest = bytes[...]
        while let start = rest.firstIndex(of: mark[0]) {
            let candidate = rest[start...].prefix(mark.count)
            guard mark.starts(with: candidate) else {
                tail.append(rest[...start])
                rest = rest[(start + 1)...]
                continue
            }
            tail.append(rest[..<start])
            guard candidate.count == mark.count else {
                held = Array(candidate)
                return ended
            }
            ended = tail
            tail = LogTail()
            rest = rest[candidate.endIndex...]
        }
        tail.append(rest)
        return ended
    }

    /// The end of the process's log: nothing more comes.
    mutating func finish() -> LogTail {
        tail.append(held)
        held = []
        return tail
    }
}
