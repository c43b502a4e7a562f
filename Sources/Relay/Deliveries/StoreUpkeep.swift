// SPDX-License-Identifier: Apache-2.0

import CallStore
import Logging

/// What has to be done about a store from time to time: settle what relays had begun that are gone, forget what is old.
struct StoreUpkeep: Sendable {
    let store: any DeliveryStore
    let logger: Logger
    /// Called where calls wait again.
    let wake: @Sendable () -> Void
    var interval: Duration = .seconds(15)
    var sleep: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }

    /// Runs until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await once()
            await sleep(interval)
        }
    }

    /// Does what is to be done now.
    func once() async {
        do throws(StoreError) {
            for call in try await store.settleAbandoned() {
                logger.warning(
                    "a relay ended during a delivery",
                    metadata: ["requestId": "\(call.id)", "call": "\(call.id)", "state": "\(call.state.rawValue)"])
            }
            wake()
            for call in try await store.expire() {
                logger.warning(
                    "a call that was never delivered is too old and was dropped",
                    metadata: [
                        "requestId": "\(call.id)", "call": "\(call.id)", "hook": "\(call.hook)",
                        "state": "\(call.state.rawValue)",
                    ])
            }
        } catch {
            logger.error("the store cannot be kept in order", metadata: ["error": "\(error)"])
        }
    }
}
