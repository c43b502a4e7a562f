// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import TencentCloud

extension CloudError {
    /// What a caller is told of a request that the FastCGI server did not hand on.
    init(_ refusal: Refusal) {
        switch refusal {
        case .parametersTooLarge(let limit):
            self.init(
                "RequestSizeLimitExceeded",
                "The header fields are over \(limit.grouped) bytes.", httpStatus: 431)
        case .malformedContentLength:
            self.init("InvalidParameter", "Content-Length is not a number.")
        case .bodyTooLarge(let announced, let limit):
            self.init(
                "RequestSizeLimitExceeded",
                "The body is \(announced.grouped) bytes; at most \(limit.grouped) are allowed.")
        case .bodyTooShort(let received, let announced):
            self.init(
                "InvalidParameter",
                "The body ended after \(received.grouped) bytes of the \(announced.grouped) announced.")
        case .bodyTooLong(let announced):
            self.init("InvalidParameter", "The body goes on after the \(announced.grouped) bytes announced.")
        case .overloaded(let limit):
            self.init(
                "RequestLimitExceeded.InFlight",
                "The relay holds as many bytes of calls as it may (\(limit.grouped)). Nothing was run; try again.",
                retryAfterSeconds: 1)
        }
    }
}
