// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// A text that must not be seen: a SecretKey or a session token.
///
/// It prints as `***` wherever Swift prints a value: interpolation, `print`, `dump`, a debugger's summary.
/// ``reveal()`` is the only way to the text, so a search for that word finds every place that uses it.
public struct Secret: Sendable {
    private let text: String

    /// Wraps a text that must not be seen.
    public init(_ text: String) {
        self.text = text
    }

    /// The text itself. Hand it to the wire or to a hash, never to a log or an answer.
    public func reveal() -> String { text }

    /// Whether `candidate` is the same text. The time taken depends on the lengths alone.
    public func matches(_ candidate: String) -> Bool {
        let ours = Array(text.utf8)
        let theirs = Array(candidate.utf8)
        return ours.count == theirs.count && CRYPTO_memcmp(ours, theirs, ours.count) == 0
    }
}

extension Secret: Equatable {
    /// Compares in constant time, see ``matches(_:)``.
    public static func == (left: Secret, right: Secret) -> Bool {
        left.matches(right.text)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `***`.
    public var description: String { "***" }

    /// Always `***`.
    public var debugDescription: String { "***" }

    /// Without children, so that `dump` and test failures show nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
