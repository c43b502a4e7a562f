// SPDX-License-Identifier: Apache-2.0

import FastCGI
import TencentCloud

/// What a hook's door hands its deliveries to, once they are verified.
///
/// Answer mode `accepted` is ``accept(_:)``; answer mode `result` is ``once(_:run:)``. Both remember the sender's id for
/// ``DeliveryRules/rememberSeconds``, across restarts.
///
/// Both throw, besides what is named there:
/// - `InvalidParameter.DeliveryIdReused`, HTTP 422: the id is remembered with another body, or from a time when the hook
///   had the other answer mode;
/// - `ResourceUnavailable.StoreFull`, HTTP 503 with `retryAfterSeconds`: there is no room, nothing was accepted;
/// - `ResourceUnavailable.Store`, HTTP 503 with `retryAfterSeconds`: the disk or the database fails; nothing was accepted.
protocol HookInbox: Sendable {
    /// Stores a delivery for later. When this returns, it is on disk: it will run even if the power fails now.
    ///
    /// - Returns: Where to ask about it. The same id again returns what the first time returned.
    func accept(_ delivery: HookDelivery) async throws(CloudError) -> HookAcceptance

    /// Runs `run` unless a delivery with the same id has run or runs already.
    ///
    /// An answer that `run` returns is remembered, be it a success or a failure of the function. An error that it throws
    /// is not, where the function certainly did not run (`mayHaveRun` is false): the sender may try again. Where it may
    /// have run, the same id gets `ClientError.Timeout`, HTTP 504, from then on, unless the hook is idempotent.
    ///
    /// - Parameters:
    ///   - delivery: Without an id it is simply run.
    ///   - run: Runs the function and renders the answer.
    /// - Returns: Its answer, or that of the first time.
    /// - Throws: What `run` throws.
    func once(
        _ delivery: HookDelivery, run: @Sendable () async throws(CloudError) -> Response
    ) async throws(CloudError) -> OnceOutcome
}

/// A delivery that is in the store.
struct HookAcceptance: Sendable, Equatable {
    /// Its id here: a UUID that cannot be guessed.
    var id: String
    /// Whether it was there already: the sender has sent it again.
    var isRepeated = false

    /// The value of the answer's `Location`: a `GET` there tells what became of it.
    var location: String { "/deliveries/\(id)" }
}

/// What became of a delivery that is answered with its result.
enum OnceOutcome: Sendable {
    /// It ran now.
    case answered(Response)
    /// It ran before; this is the answer of that time, byte for byte.
    case repeated(Response)
    /// It runs right now, for another request. HTTP has 409 for it; webhook senders are told 202, so that they stop.
    case stillRunning
}
