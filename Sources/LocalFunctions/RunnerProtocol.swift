// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The first line that a runner (`Runtimes/python.py`) reads; the event follows it.
struct RunnerCall: Encodable {
    let handler: String
    let context: FunctionContext

    /// The call as a line of JSON.
    var line: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Texts and whole numbers alone: there is nothing in it that could fail to be encoded.
        return Array((try? encoder.encode(self)) ?? Data()) + [UInt8(ascii: "\n")]
    }
}

/// What a runner wrote: a line `STATUS PEAK LENGTH`, then LENGTH bytes.
struct RunnerAnswer {
    /// The longest that such a line can be: three numbers.
    static let headerBytes = 64

    private let status: Int
    private let peakMemory: Int
    private let body: ArraySlice<UInt8>

    /// Reads an answer; there is none where the function ended the process.
    init(_ output: ArraySlice<UInt8>, ending: ProcessEnding) throws(FunctionFailure) {
        guard let lineEnd = output.firstIndex(of: UInt8(ascii: "\n")) else { throw .exited(ending) }
        let header = String(decoding: output[..<lineEnd], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        let body = output[(lineEnd + 1)...]
        guard header.count == 3, header[2] == body.count else { throw .exited(ending) }
        (status, peakMemory) = (header[0], header[1])
        self.body = body
    }

    /// The result, or the failure that the answer tells of.
    func result() throws(FunctionFailure) -> RuntimeResult {
        guard status == 0 else {
            throw FunctionFailure(runnerStatus: status, text: String(decoding: body, as: UTF8.self))
        }
        return RuntimeResult(returned: body, peakMemory: peakMemory)
    }
}
