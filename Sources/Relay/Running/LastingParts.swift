// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import Logging
import TencentCloud

/// What outlasts a configuration: whatever has to be counted, remembered or kept open while one takes the place of another.
///
/// ``Wiring`` has the rest, which is made anew from each configuration.
struct LastingParts: Sendable {
    let loops: EventLoopGroup
    let now: @Sendable () -> Int
    let writer: LogWriter
    /// What is counted.
    let metrics: RelayMetrics
    /// Is told of each call.
    let observer: any CallObserver
    /// Is told of each attempt to deliver an accepted call; not the log, which has a line of its own for that.
    let deliveryObserver: any CallObserver
    let gate: InFlightGate
    let readiness: Readiness
    let pacer: Pacer
    /// Which calls of the cloud API have passed already.
    let replays = ReplayMemory()
    /// The store and what works on it; `nil` where there is no store.
    let deliveries: DeliveryService?
    /// Keeps calls for people to look at; `nil` where none are kept.
    let history: CallHistory?

    /// - Throws: `StoreError` where the store cannot be opened.
    init(
        _ configuration: Configuration, observers: [any CallObserver], log: CallLog, loops: EventLoopGroup,
        logger: Logger, now: @escaping @Sendable () -> Int
    ) throws(StoreError) {
        self.loops = loops
        self.now = now
        writer = log.writer
        metrics = RelayMetrics(loops: loops.loops.count, now: now())
        history = configuration.history.map { CallHistory($0, logger: logger) }
        let observers = [metrics.calls] + observers + (history.map { [$0] } ?? [])
        observer = CallObservers([log] + observers)
        deliveryObserver = CallObservers(observers)
        gate = InFlightGate(limit: configuration.load.inFlight)
        readiness = Readiness(gate: gate)
        pacer = Pacer(configuration.load.requestsPerSecond, configuration.load)
        deliveries = try DeliveryService(configuration.store, logger: logger)
    }

    /// Where hooks leave their deliveries.
    var inbox: any HookInbox {
        if let deliveries { deliveries.inbox } else { WithoutStore() }
    }

    /// Holds to the bounds of this wiring's configuration from now on, and delivers through it.
    func adopt(_ wiring: Wiring) {
        let configuration = wiring.configuration
        gate.limit = configuration.load.inFlight
        writer.format = configuration.log.format
        metrics.calls.adopt(configuration)
        pacer.change(configuration.load.requestsPerSecond, configuration.load)
        for caller in configuration.callers {
            wiring.callerPacers[caller.name]?.change(caller.requestsPerSecond, configuration.load)
        }
        replays.tidyUp(now: now())
        if let history, let settings = configuration.history { history.keep(by: settings, memory: wiring.memory) }
        if let deliveries, let settings = configuration.store {
            deliveries.deliver(
                by: settings, functions: wiring.functionDelivery, callbacks: wiring.callbackDelivery)
        }
    }
}

extension Pacer {
    convenience init(_ requestsPerSecond: Int, _ load: Configuration.Load) {
        self.init(perSecond: requestsPerSecond, longestWait: .seconds(load.queueSeconds))
    }

    fileprivate func change(_ requestsPerSecond: Int, _ load: Configuration.Load) {
        change(perSecond: requestsPerSecond, longestWait: .seconds(load.queueSeconds))
    }
}
