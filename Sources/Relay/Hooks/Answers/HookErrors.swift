// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// Turns what went wrong into the status that makes the sender do the right thing: come back where that may help, and
/// stay away where it would run the function twice or do nothing but fail again.
struct HookErrors: Sendable {
    let sender: HookSender
    /// Whether running twice does no harm.
    let isIdempotent: Bool
    /// The status for a function that failed; `nil` for what fits the sender.
    let failureStatus: Int?

    /// The error for a function that ran and failed. What it said of it is in the cloud's log, and nobody else's business.
    func functionFailed(_ result: InvokeResult) -> CloudError {
        CloudError(
            "FailedOperation.FunctionFailed",
            "The function ran and failed. Its id for this run is \(result.functionRequestId).",
            httpStatus: failureStatus ?? statusOfFailedFunction, mayHaveRun: true)
    }

    /// The answer for an error.
    func response(_ error: CloudError, requestId: String) -> Response {
        var error = error
        error.httpStatus = status(of: error)
        var response = JSONRendering.response(error, requestId: requestId)
        if !isWorthRetrying(error), let end = sender.endOfRetries, let name = HTTPField.Name(end.name) {
            response.headerFields[name] = end.value
        }
        return response
    }

    private var statusOfFailedFunction: Int {
        if sender.switchesFailingHooksOff { return 200 }
        return sender.repeats5xxAtOnce && !isIdempotent ? 422 : 502
    }

    private func status(of error: CloudError) -> Int {
        if error.httpStatus == 429, sender.knowsOnly5xxAsTemporary { return 503 }
        if error.httpStatus >= 500, sender.repeats5xxAtOnce, error.mayHaveRun, !isIdempotent { return 422 }
        return error.httpStatus
    }

    private func isWorthRetrying(_ error: CloudError) -> Bool {
        if error.mayHaveRun { return isIdempotent }
        switch error.httpStatus {
        // 401: a sender that exchanges its secret will be right later.
        case 401, 408, 429, 500...: return true
        default: return false
        }
    }
}
