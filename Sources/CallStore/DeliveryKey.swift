// SPDX-License-Identifier: Apache-2.0

/// A sender's id for a delivery, and what it stands for.
public struct DeliveryKey: Sendable, Equatable {
    /// Whose ids these are: the same id means nothing elsewhere.
    public var scope: String
    /// The id.
    public var id: String
    /// What tells two bodies apart: their SHA-256.
    public var digest: [UInt8]
    /// How long it is remembered.
    public var rememberSeconds: Int

    /// Creates a key.
    public init(scope: String, id: String, digest: [UInt8], rememberSeconds: Int) {
        self.scope = scope
        self.id = id
        self.digest = digest
        self.rememberSeconds = rememberSeconds
    }
}

/// What came of storing a call.
public enum Acceptance: Sendable, Equatable {
    /// It is stored.
    case stored
    /// Its key is known: the call with this id was stored then.
    case known(callId: String)
    /// Its key is known as one that was answered at once, or may have been: nothing was stored then, and nothing is now.
    case answeredAtOnce
    /// Its key is known with another body.
    case conflict
}

/// Whether a delivery may be answered.
public enum Beginning: Sendable, Equatable {
    /// Yes; ``Store/end(_:_:)`` has to follow.
    case begun
    /// It was answered, with this.
    case answered(StoredAnswer)
    /// It is being answered.
    case running
    /// It may have run, and nobody knows.
    case unknown
    /// Its key is known: the call with this id was stored then, and runs or has run from the store.
    case stored(callId: String)
    /// Its key is known with another body.
    case conflict
}

/// How a delivery was answered.
public enum AnswerEnding: Sendable, Equatable {
    /// With this; the same key gets it again.
    case answered(StoredAnswer)
    /// Not at all, and nothing has run: the same key may begin again.
    case forgotten
    /// It may have run.
    case unknown
}

/// An answer as it went out.
public struct StoredAnswer: Sendable, Equatable {
    /// The HTTP status.
    public var status: Int
    /// The header fields, a line each: `Content-Type: application/json`.
    public var headerLines: [String]
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(status: Int, headerLines: [String], body: [UInt8]) {
        self.status = status
        self.headerLines = headerLines
        self.body = body
    }
}
