// SPDX-License-Identifier: Apache-2.0

/// A secret that a sender and this side share, and the name it goes by in logs and counters.
///
/// It prints as `***`. ``reveal()`` is the only way to the text for those outside this module.
public struct WebhookSecret: Sendable {
    /// What people call it, such as `2025-11`.
    public let id: String
    let bytes: [UInt8]

    /// Wraps a secret.
    public init(id: String, _ text: String) {
        self.id = id
        bytes = Array(text.utf8)
    }

    /// The text itself. Hand it to the wire, never to a log or an answer.
    public func reveal() -> String { text }

    /// The text, for schemes whose secrets have a form of their own.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The id, and `***`.
    public var description: String { "\(id): ***" }

    /// The id, and `***`.
    public var debugDescription: String { description }

    /// Without children, so that `dump` and test failures show nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
