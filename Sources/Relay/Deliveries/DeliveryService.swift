// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import Invocation
import Logging

/// Everything that keeps and delivers accepted calls: the store, the inbox in front of it, and what works behind it.
struct DeliveryService: Sendable {
    /// Where hooks leave their deliveries.
    let inbox: DurableInbox
    /// Where calls are kept.
    let store: any Store
    private let deliverer: Deliverer
    private let upkeep: StoreUpkeep

    /// Sets it up; nothing is delivered before ``run()``.
    ///
    /// - Parameters:
    ///   - store: Where calls are kept.
    ///   - settings: Bounds and pauses.
    ///   - invoker: Runs functions; already behind the policy.
    ///   - callbacks: Sends results.
    ///   - limits: Bound calls.
    ///   - logger: Gets one line for each attempt.
    init(
        store: any Store, settings: Configuration.StoreSettings, invoker: any Invoker, callbacks: any CallDelivery,
        limits: Limits, logger: Logger
    ) {
        var schedule = RetrySchedule()
        schedule.giveUpAfter = .seconds(settings.retryHours * 3600)
        let deliverer = Deliverer(
            store: store, functions: FunctionDelivery(invoker: invoker, limits: limits), callbacks: callbacks,
            schedule: schedule, atOnce: settings.deliveriesAtOnce, logger: logger)
        self.store = store
        self.deliverer = deliverer
        inbox = DurableInbox(store: store, wake: { deliverer.wake() })
        upkeep = StoreUpkeep(store: store, logger: logger, wake: { deliverer.wake() })
    }

    /// Settles what an earlier process left, then delivers, until the service is drained or the task cancelled.
    func run() async {
        await upkeep.once()
        let upkeeping = Task { await upkeep.run() }
        await deliverer.run()
        upkeeping.cancel()
    }

    /// Begins no more deliveries, lets those under way finish, and breaks off those that do not in time: what they have
    /// done by then is noted as unknown.
    ///
    /// - Parameters:
    ///   - running: The task that runs ``run()``.
    ///   - limit: How long to wait.
    func drain(_ running: Task<Void, Never>, within limit: Duration) async {
        deliverer.stop()
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
    init?(
        _ configuration: Configuration, invoker: any Invoker, loops: EventLoopGroup, logger: Logger,
        now: @escaping @Sendable () -> Int
    ) throws(StoreError) {
        guard let settings = configuration.store else { return nil }
        self.init(
            store: try SQLiteStore(path: settings.path, limits: settings.limits), settings: settings, invoker: invoker,
            callbacks: CallbackDelivery(
                rules: configuration.callbacks, secrets: configuration.callbackSecrets, loops: loops, now: now),
            limits: configuration.limits, logger: logger)
    }
}
