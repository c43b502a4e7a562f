// SPDX-License-Identifier: Apache-2.0

import FastCGI
import TencentCloud

/// Stands in where the relay has no store: every delivery is a new one, and none can be accepted for later.
struct WithoutStore: HookInbox {
    func accept(_ delivery: HookDelivery) async throws(CloudError) -> HookAcceptance {
        throw CloudError(
            "ResourceUnavailable.Store", "This relay has no store for deliveries. Nothing was accepted.",
            retryAfterSeconds: 60)
    }

    func once(
        _ delivery: HookDelivery, run: @Sendable () async throws(CloudError) -> Response
    ) async throws(CloudError) -> OnceOutcome {
        .answered(try await run())
    }
}
