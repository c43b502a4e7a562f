// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How a function failed, with the cloud's function status code.
///
/// A function that fails was still run: the call as such succeeds, and this becomes RetMsg and ErrMsg of its result.
/// Codes: <https://cloud.tencent.com/document/product/583/42611>.
struct FunctionFailure: Error, Equatable {
    let statusCode: Int
    /// `errorMessage` of RetMsg.
    let message: String
    /// `stackTrace` of RetMsg.
    var stackTrace: String?
    /// What the message leaves open; it goes to ErrMsg alone.
    var detail: String?

    static func timedOut(afterSeconds seconds: Int, asynchronous: Bool) -> FunctionFailure {
        let subject = asynchronous ? "Async invoking task" : "Invoking task"
        return FunctionFailure(statusCode: 433, message: "\(subject) timed out after \(seconds) seconds")
    }

    static let outOfMemory = FunctionFailure(statusCode: 434, message: "Memory limit reached")

    static func resultTooLarge(limit: Int) -> FunctionFailure {
        FunctionFailure(statusCode: 407, message: "Response exceeds the upper limit of \(limit) bytes")
    }

    /// The function wrote where its runtime answers.
    static let invalidResponse = FunctionFailure(statusCode: 403, message: "Invalid SCF response format")

    static func exited(_ ending: ProcessEnding) -> FunctionFailure {
        exited(detail: ending.description)
    }

    /// The process could not even be started: a `bootstrap` that is no program, for one.
    static func notStarted(_ reason: String) -> FunctionFailure {
        FunctionFailure(statusCode: 443, message: "User code cannot be started: \(reason)")
    }

    private static func exited(detail: String) -> FunctionFailure {
        FunctionFailure(statusCode: 439, message: "User process exit when running", detail: detail)
    }

    /// What a runner reports; `text` is a stack trace or a reason, depending on the status.
    init(runnerStatus status: Int, text: String, resultLimit: Int) {
        switch status {
        case 400: self.init(statusCode: 400, message: "Invalid parameter value: \(text)")
        case 407: self = .resultTooLarge(limit: resultLimit)
        case 434: self = .outOfMemory
        case 437: self.init(statusCode: 437, message: "Handler not found: \(text)")
        case 439: self = .exited(detail: text)
        case 443: self.init(statusCode: 443, message: "user code error caught", stackTrace: text)
        default: self.init(statusCode: 430, message: "user code exception caught", stackTrace: text)
        }
    }

    init(statusCode: Int, message: String, stackTrace: String? = nil, detail: String? = nil) {
        self.statusCode = statusCode
        self.message = message
        self.stackTrace = stackTrace
        self.detail = detail
    }

    /// `{"errorCode":-1,"errorMessage":"…","requestId":"…","stackTrace":"…","statusCode":430}`
    func retMsg(requestId: String) -> String {
        let body = RetMsg(errorMessage: message, requestId: requestId, stackTrace: stackTrace, statusCode: statusCode)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]  // sorted is the cloud's order too
        // Texts and whole numbers alone: there is nothing in it that could fail to be encoded.
        return String(decoding: (try? encoder.encode(body)) ?? Data(), as: UTF8.self)
    }

    /// The text of ErrMsg: the stack trace where there is one.
    var errMsg: String {
        stackTrace ?? detail.map { "\(message): \($0)" } ?? message
    }

    private struct RetMsg: Encodable {
        var errorCode = -1
        let errorMessage: String
        let requestId: String
        let stackTrace: String?
        let statusCode: Int
    }
}
