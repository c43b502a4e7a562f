// SPDX-License-Identifier: Apache-2.0

/// The end of what a function wrote to its log.
struct LogTail: Sendable {
    /// What LogType=Tail returns.
    static let limit = 4096

    private(set) var bytes: [UInt8] = []

    mutating func append(_ chunk: some RandomAccessCollection<UInt8>) {
        bytes += chunk.suffix(Self.limit)
        // Not at each line: moving 4 KB for a line of 20 bytes would be most of the work.
        if bytes.count > 16 * Self.limit { trim() }
    }

    private mutating func trim() {
        bytes.removeFirst(max(0, bytes.count - Self.limit))
    }
}

/// The log of one run, with the lines that the cloud puts around the function's own.
struct RunLog {
    let requestId: String
    let tail: LogTail
    let failure: (statusCode: Int, retMsg: String)?
    let duration: Duration
    let memoryLimitMB: Int
    let memoryUsed: Int

    /// The last 4 KB as text.
    var lastLines: String {
        var text = "START RequestId: \(requestId)\nEvent RequestId: \(requestId)\n"
        text += String(decoding: tail.bytes.suffix(LogTail.limit), as: UTF8.self)
        if !text.hasSuffix("\n") { text += "\n" }
        if let failure { text += "ERROR RequestId:\(requestId) Result:\(failure.retMsg)\n" }
        text += " \nEND RequestId: \(requestId)\n"
        let milliseconds = Int((duration / .milliseconds(1)).rounded())
        text += "Report RequestId: \(requestId) Duration:\(milliseconds)ms Memory:\(memoryLimitMB)MB "
        text += "MemUsage:\(Self.megabytes(memoryUsed))MB\n"
        return Self.lastBytes(of: text, limit: LogTail.limit)
    }

    /// `71.402344`
    private static func megabytes(_ bytes: Int) -> String {
        let millionths = (bytes * 1_000_000 + 524_288) / 1_048_576  // rounded
        let fraction = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }

    /// The end of a text, cut between characters and not within one.
    private static func lastBytes(of text: String, limit: Int) -> String {
        let utf8 = text.utf8
        guard utf8.count > limit else { return text }
        var start = utf8.index(utf8.endIndex, offsetBy: -limit)
        while start < utf8.endIndex, utf8[start] & 0xC0 == 0x80 { utf8.formIndex(after: &start) }
        return String(text[start...])
    }
}
