// SPDX-License-Identifier: Apache-2.0

/// A request as the web server passed it on: its parameters, and its body, whole.
public struct Request: Sendable {
    /// CGI variables and request headers (`HTTP_…`).
    public var parameters: Parameters
    /// The body, exactly as long as `CONTENT_LENGTH` announced.
    public var body: [UInt8]

    /// Creates a request; for tests and for requests that come from elsewhere.
    public init(parameters: Parameters, body: [UInt8] = []) {
        self.parameters = parameters
        self.body = body
    }
}

/// Why a request was not handed to the handler. It is read to its end and then answered, so that the web server
/// passes the answer on instead of a broken pipe.
public enum Refusal: Error, Sendable, Equatable {
    /// The parameters are over the limit, in bytes.
    case parametersTooLarge(limit: Int)
    /// `CONTENT_LENGTH` is not a plain decimal number.
    case malformedContentLength
    /// The body is over the limit, in bytes.
    case bodyTooLarge(announced: Int, limit: Int)
    /// The body ended before its announced length.
    case bodyTooShort(received: Int, announced: Int)
    /// The body went on after its announced length.
    case bodyTooLong(announced: Int)
    /// All requests together hold more bytes than the server may.
    case overloaded(limit: Int)
}
