// SPDX-License-Identifier: Apache-2.0

import StrictJSON
public import TencentCloud

extension InvokeAnswer {
    /// Reads the cloud's answer, once.
    ///
    /// - Parameters:
    ///   - body: The whole answer.
    ///   - limits: Give its size and depth.
    /// - Returns: The answer, or the error that the cloud answered with, its `RequestId` in it.
    /// - Throws: Where the answer is neither.
    public static func read(
        _ body: [UInt8], limits: Limits
    ) throws(UnexpectedAnswer) -> Result<InvokeAnswer, CloudError> {
        let answer = try ResponseEnvelope.read(
            body[...], maximumBytes: limits.responseBytes, maximumDepth: limits.nestingDepth
        ) { reader throws(JSONSyntaxError) in
            try InvokeResult(readingFrom: &reader)
        }
        switch answer {
        case .success(let result, let requestId):
            return .success(InvokeAnswer(envelope: body, result: result, requestId: requestId))
        case .failure(let error):
            return .failure(error)
        }
    }

    /// Makes the answer to a call that ran here, envelope and all.
    public init(result: InvokeResult, requestId: String) {
        self.init(
            envelope: ResponseEnvelope.success(requestId: requestId) { result.append(to: &$0) }, result: result,
            requestId: requestId)
    }
}
