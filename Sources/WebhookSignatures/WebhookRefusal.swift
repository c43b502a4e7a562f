// SPDX-License-Identifier: Apache-2.0

/// Why a message was refused. For the log alone: outside it would tell a forger what to try next.
public enum WebhookRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// The header field is not there.
    case missing(String)
    /// The header field has no value.
    case empty(String)
    /// The header field is there more than once, or holds something more than once that may be there once.
    case repeated(String)
    /// The header field is not of the form that the scheme gives it.
    case malformed(String, expected: String)
    /// The message was signed too long ago, by this many seconds before now.
    case tooOld(seconds: Int, window: Int)
    /// The message claims to come from the future, by this many seconds after now.
    case tooNew(seconds: Int, window: Int)
    /// The proof is of the right form, and made with none of the secrets for this message.
    case noSecretFits

    /// A sentence for the log. It holds nothing of the message.
    public var description: String {
        switch self {
        case .missing(let header): "\(header) is missing"
        case .empty(let header): "\(header) is empty"
        case .repeated(let header): "\(header) is given more than once"
        case .malformed(let header, let expected): "\(header) is not \(expected)"
        case .tooOld(let seconds, let window): "the timestamp is \(seconds) s old; at most \(window) s are allowed"
        case .tooNew(let seconds, let window): "the timestamp is \(seconds) s ahead; at most \(window) s are allowed"
        case .noSecretFits: "no secret fits: another secret, or another body than the one that was signed"
        }
    }
}
