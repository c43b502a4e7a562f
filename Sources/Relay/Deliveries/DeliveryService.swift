// SPDX-License-Identifier: Apache-2.0

import CallStore
import Logging

/// Everything that keeps and delivers accepted calls: the store, the inbox in front of it, and what works behind it.
struct DeliveryService: Sendable {
    /// Where hooks leave their deliveries.
    let inbox: DurableInbox
    /// Where calls are kept.
    let store: any DeliveryStore
    private let functions: Deliverer
    private let callbacks: Deliverer
    private let upkeep: StoreUpkeep

    private static let callbacksAtOnce = 8

    /// Sets it up; nothing is delivered before ``run()``, nor before ``deliver(by:functions:callbacks:)``.
    ///
    /// - Parameters:
    ///   - store: Where calls are kept.
    ///   - logger: Gets one line for each attempt.
    init(store: any DeliveryStore, logger: Logger) {
        let functions = Deliverer(store: store, kind: .function, logger: logger)
        self.functions = functions
        // Apart: a receiver that keeps results waiting must not keep functions waiting.
        callbacks = Deliverer(store: store, kind: .callback, logger: logger)
        self.store = store
        inbox = DurableInbox(store: store, wake: { functions.wake() })
        upkeep = StoreUpkeep(store: store, logger: logger, wake: { functions.wake() })
    }

    private var deliverers: [Deliverer] { [functions, callbacks] }

    /// Delivers like this from now on, also calls that were accepted before: a hook that is gone has left promises. Attempts
    /// that have begun end as they began.
    ///
    /// - Parameters:
    ///   - settings: Bounds and pauses.
    ///   - functions: Runs functions; already behind the policy.
    ///   - callbacks: Sends results.
    func deliver(
        by settings: Configuration.StoreSettings, functions: any CallDelivery, callbacks: any CallDelivery
    ) {
        var schedule = RetrySchedule()
        schedule.giveUpAfter = .seconds(settings.retryHours * 3600)
        store.hold(to: settings.limits)
        self.functions.change(
            to: .init(delivery: functions, schedule: schedule, atOnce: settings.deliveriesAtOnce))
        self.callbacks.change(to: .init(delivery: callbacks, schedule: schedule, atOnce: Self.callbacksAtOnce))
    }

    /// Settles what an earlier process left, then delivers, until the service is drained or the task cancelled.
    func run() async {
        await upkeep.once()
        let upkeeping = Task { await upkeep.run() }
        await withTaskGroup { group in
            for deliverer in deliverers { group.addTask { await deliverer.run() } }
        }
        upkeeping.cancel()
    }

    /// Begins no more deliveries, lets those under way finish, and breaks off those that do not in time: what they have
    /// done by then is noted as unknown.
    ///
    /// - Parameters:
    ///   - running: The task that runs ``run()``.
    ///   - limit: How long to wait.
    func drain(_ running: Task<Void, Never>, within limit: Duration) async {
        for deliverer in deliverers { deliverer.stop() }
        let patience = Task {
            try? await Task.sleep(for: limit)
            if !Task.isCancelled { running.cancel() }
        }
        await running.value
        patience.cancel()
    }
}

extension DeliveryService {
    /// Opens the store that a configuration names.
    ///
    /// - Returns: `nil` where it names none.
    /// - Throws: `StoreError` where it cannot be opened.
    init?(_ settings: Configuration.StoreSettings?, logger: Logger) throws(StoreError) {
        guard let settings else { return nil }
        let store = try Configuration.database.deliveries(at: settings.path, limits: settings.limits)
        self.init(store: store, logger: logger)
    }
}
