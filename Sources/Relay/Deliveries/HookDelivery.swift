// SPDX-License-Identifier: Apache-2.0

import Invocation

/// A webhook call that has passed every check of its hook: what to run, how its sender names it, and what was promised.
struct HookDelivery: Sendable {
    /// The hook's name, as in `POST /hooks/NAME`. Ids of one hook mean nothing to another.
    var hook: String
    /// What to run. `invocationType` says whether the function's result is waited for.
    var request: InvokeRequest
    /// The sender's id for this delivery (`webhook-id`, `X-GitHub-Delivery`, …); `nil` where it gives none, in which case
    /// every call is a new one.
    var deliveryId: String?
    /// What tells two bodies with the same id apart.
    var body: BodyDigest
    /// What the hook's configuration says about delivering.
    var rules = DeliveryRules()
    /// The trace that the call belongs to; `nil` for one of its own.
    var trace: TraceContext?
}

/// What a hook's configuration says about delivering. A call that is stored keeps the rules it was accepted under.
struct DeliveryRules: Sendable, Equatable {
    /// Whether running twice does no harm. If so, a call whose outcome is unknown is made again; else it waits for a
    /// person.
    var idempotent = false
    /// Whether calls of the hook's function run one after the other, in the order in which they were accepted. With those
    /// of every other ordered hook of that function, too.
    var ordered = false
    /// How long a sender's id is remembered, in seconds. 0 remembers none.
    var rememberSeconds = 72 * 3600
    /// Where the result is sent; `nil` for nowhere. Checked against the list of hosts by ``CallbackTarget`` when the
    /// configuration is read.
    var callback: String?
}
