// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// Something that runs functions: the cloud, or this machine.
public protocol Invoker: Sendable {
    /// Runs a function once.
    ///
    /// - Parameters:
    ///   - request: The call, already validated.
    ///   - context: The ids of this call, and who is behind it.
    /// - Returns: The answer. A function that failed was still run: that is an answer, not an error.
    /// - Throws: Why there is no answer. `ClientError.Timeout` and errors after sending mean: outcome unknown.
    func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer
}

extension Invoker {
    /// Runs a function once, for a call that belongs to no trace.
    public func invoke(_ request: InvokeRequest, requestId: String) async throws(CloudError) -> InvokeAnswer {
        try await invoke(request, for: CallContext(requestId: requestId))
    }
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
