// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What a runner (`Runtimes/python.py`, `Runtimes/node.js`) reads of an event: a line of JSON; the event follows it.
struct RunnerCall: Encodable {
    let handler: String
    let context: FunctionContext
    /// The longest result, in bytes.
    let resultLimit: Int
    /// What ends this event's part of the log.
    let mark: String
    let event: [UInt8]

    private enum CodingKeys: String, CodingKey {
        case handler
        case context
        case resultLimit = "result_limit"
        case mark
        case eventBytes = "event_bytes"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(handler, forKey: .handler)
        try fields.encode(context, forKey: .context)
        try fields.encode(resultLimit, forKey: .resultLimit)
        try fields.encode(mark, forKey: .mark)
        try fields.encode(event.count, forKey: .eventBytes)
    }

    /// The line and the event.
    var bytes: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Texts and whole numbers alone: there is nothing in it that could fail to be encoded.
        return Array((try? encoder.encode(self)) ?? Data()) + [UInt8(ascii: "\n")] + event
    }
}
