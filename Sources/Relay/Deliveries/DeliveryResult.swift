// SPDX-License-Identifier: Apache-2.0

import CallStore

/// How one attempt went, as far as the next one is concerned.
enum DeliveryResult: Sendable, Equatable {
    /// It is delivered.
    case delivered(AttemptOutcome)
    /// It ran, and failed: that is an outcome, and only what is idempotent is tried again.
    case failed(AttemptOutcome)
    /// It did not run, and will not as it is.
    case refused(AttemptOutcome)
    /// It did not run, and may another time.
    case notDelivered(AttemptOutcome, retryAfterSeconds: Int? = nil)
    /// It may have run.
    case unknown(AttemptOutcome)
}

extension DeliveryResult {
    /// What becomes of the call. This is the one place where it is decided whether something runs again.
    ///
    /// - Parameters:
    ///   - claim: The call and how often it was tried.
    ///   - schedule: Gives pauses, and when to give up.
    ///   - random: From 0 up to 1.
    /// - Returns: What the store is told.
    func ending(of claim: ClaimedCall, schedule: RetrySchedule, random: Double) -> AttemptEnding {
        func again(_ outcome: AttemptOutcome, retryAfterSeconds: Int? = nil) -> AttemptEnding {
            if schedule.givesUp(attempt: claim.attemptInRow, age: claim.age) { return .dead(outcome) }
            return .again(
                outcome,
                after: schedule.pause(
                    afterAttempt: claim.attemptInRow, retryAfterSeconds: retryAfterSeconds, random: random))
        }
        switch self {
        case .delivered(let outcome): return .done(outcome)
        case .refused(let outcome): return .dead(outcome)
        case .notDelivered(let outcome, let seconds): return again(outcome, retryAfterSeconds: seconds)
        case .failed(let outcome): return claim.call.idempotent ? again(outcome) : .dead(outcome)
        case .unknown(let outcome): return claim.call.idempotent ? again(outcome) : .unknown(outcome)
        }
    }
}

/// Delivers calls of one kind.
protocol CallDelivery: Sendable {
    /// Makes one attempt. Cancelling the task breaks it off, and the result says what is known then.
    func deliver(_ claim: ClaimedCall) async -> Delivered
}

/// An attempt, and what is sent on if the call is settled with it.
struct Delivered: Sendable, Equatable {
    /// How it went.
    var result: DeliveryResult
    /// The body for the call's callback.
    var callbackBody: [UInt8]?
    /// Whether nobody else's call would have fared better: the other side cannot be reached at all.
    var isOutage = false
}
