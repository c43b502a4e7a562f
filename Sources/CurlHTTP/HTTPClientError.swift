// SPDX-License-Identifier: Apache-2.0

/// Why there is no answer, and, which matters more, whether the request may have been carried out.
public enum HTTPClientError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not one byte of the request left: no address, no connection, no TLS. It is safe to try again.
    case neverSent(reason: String)
    /// The request went out, wholly or in part, and no whole answer came back: it may have been carried out.
    case outcomeUnknown(reason: String)
    /// No answer in time; `wasSent` tells whether the request may have been carried out.
    case timedOut(wasSent: Bool)
    /// The answer is over the limit.
    case responseTooLarge(limit: Int)
    /// The header and trailer fields of the answer are over the limit.
    case responseHeaderTooLarge(limit: Int)
    /// The task was cancelled; the request may have been carried out.
    case cancelled

    /// For the log.
    public var description: String {
        switch self {
        case .neverSent(let reason): "not sent: \(reason)"
        case .outcomeUnknown(let reason): "outcome unknown: \(reason)"
        case .timedOut(wasSent: true): "no answer in time, outcome unknown"
        case .timedOut(wasSent: false): "no connection in time, not sent"
        case .responseTooLarge(let limit): "the answer is over \(limit) bytes"
        case .responseHeaderTooLarge(let limit): "the answer's header fields are over \(limit) bytes"
        case .cancelled: "cancelled, outcome unknown"
        }
    }
}
