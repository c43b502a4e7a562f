// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// Something that runs functions: the cloud, or this machine.
public protocol Invoker: Sendable {
    /// Runs a function once.
    ///
    /// - Parameters:
    ///   - request: The call, already validated.
    ///   - requestId: The id of this call: for the log, and, where this side makes the answer, for the answer.
    /// - Returns: The answer. A function that failed was still run: that is an answer, not an error.
    /// - Throws: Why there is no answer. `ClientError.Timeout` and errors after sending mean: outcome unknown.
    func invoke(_ request: InvokeRequest, requestId: String) async throws(CloudError) -> InvokeAnswer
}

/// A successful answer of the Invoke API: the envelope as bytes, and what was read from it.
public struct InvokeAnswer: Sendable {
    /// `{"Response":{"Result":{…},"RequestId":"…"}}`, byte for byte as the cloud sent it.
    public let envelope: [UInt8]
    /// The `Result` of the answer.
    public let result: InvokeResult
    /// The `RequestId` of the answer.
    public let requestId: String

    /// Creates an answer from an envelope and what was read from it.
    public init(envelope: [UInt8], result: InvokeResult, requestId: String) {
        self.envelope = envelope
        self.result = result
        self.requestId = requestId
    }
}
