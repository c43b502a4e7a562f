// SPDX-License-Identifier: Apache-2.0

/// A stored call as a list shows it.
public struct CallSummary: Sendable, Equatable {
    /// Its place in the order of acceptance.
    public let place: Int64
    /// Its id.
    public let id: String
    /// The hook it came by.
    public let hook: String
    /// The sender's id; `nil` where it gave none, or it is forgotten by now.
    public let deliveryId: String?
    /// Where it goes.
    public let target: CallTarget
    /// What is known about it.
    public let state: CallState
    /// When it was accepted, in UNIX milliseconds.
    public let acceptedAt: Int
    /// When it is due, in UNIX milliseconds. Only while it waits does that mean anything.
    public let dueAt: Int
    /// Attempts so far.
    public let attempts: Int
    /// How the last attempt went; `nil` before the first has ended.
    public let lastOutcome: AttemptOutcome?
    /// Whether delivering it twice does no harm.
    public let idempotent: Bool
    /// Bytes of the payload.
    public let payloadBytes: Int
}

/// A stored call, whole.
public struct CallDetail: Sendable, Equatable {
    /// What a list shows.
    public let summary: CallSummary
    /// Its attempts, in their order.
    public let attempts: [Attempt]
    /// The payload; `nil` where there is none, or it was delivered.
    public let payload: [UInt8]?
}

/// One attempt to deliver a call.
public struct Attempt: Sendable, Equatable {
    /// From 1.
    public let number: Int
    /// When it began, in UNIX milliseconds.
    public let startedAt: Int
    /// When it ended, in UNIX milliseconds; `nil` while it is under way.
    public let endedAt: Int?
    /// How it went; `nil` while it is under way.
    public let outcome: AttemptOutcome?
}

/// What came of something that a person asked for.
public enum HandResult: Sendable, Equatable {
    /// It is done.
    case done
    /// There is no such call.
    case noSuchCall
    /// It cannot be done while the call is in this state.
    case notPossible(CallState)
}
