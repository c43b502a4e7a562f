// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

// Which door is where.

extension Router {
    /// The routes of scf-relay.
    ///
    /// - Parameters:
    ///   - functions: What may be called.
    ///   - target: Where generated code sends calls.
    ///   - invoker: Runs it; already behind the policy.
    ///   - limits: Bound everything that is sent.
    ///   - readiness: Says whether the process should get work.
    ///   - hooks: The webhooks, each with an address of its own.
    ///   - deliveries: Keeps accepted calls and remembers keys; `nil` where there is no store.
    ///   - history: Shows the calls that were made; `nil` where none are kept.
    ///   - watching: `/metrics` and `/status`, and whatever else is for operators, by path.
    ///   - observer: Is told of each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func relay(
        functions: FunctionDirectory, target: CallCode.Target, invoker: any Invoker, limits: Limits,
        readiness: Readiness, hooks: [HookDoor] = [], deliveries: DeliveryService? = nil,
        history: CallHistory? = nil, watching: [String: any Door] = [:], observer: any CallObserver,
        now: @escaping @Sendable () -> Int
    ) -> Router {
        let page = PageRendering(templates: PageTemplates.embedded)
        let inbox: any HookInbox = if let deliveries { deliveries.inbox } else { WithoutStore() }
        var doors: [String: any Door] = [
            "/invoke": InvokeDoor(
                invoker: invoker, limits: limits, page: page, observer: observer, inbox: inbox,
                outlivesCallers: history != nil),
            "/run": RunFormDoor(page: page),
            "/code": CodeDoor(target: target, limits: limits, page: page, observer: observer),
            "/functions": FunctionsDoor(functions: functions, page: page),
            "/errors": ErrorCodesDoor(page: page),
            "/signature": SignatureDoor(page: page, limits: limits, region: target.region, now: now),
            "/healthz": HealthDoor.alive,
            "/readyz": HealthDoor { readiness.obstacle },
            "/deliveries": deliveries.map { DeliveriesDoor(deliveries: $0, page: page) } ?? AbsentDoor.deliveries(page),
        ]
        doors.merge(historyDoors(history, page)) { first, _ in first }
        for (path, door) in watching { doors[path] = door }
        for hook in hooks { doors[hook.hook.path] = hook }
        var folders: [String: any Door] = [:]
        if let deliveries {
            folders["/deliveries/"] = DeliveryDoor(store: deliveries.store, page: page, observer: observer)
        }
        if let history { folders["/history/"] = HistoryCallDoor(history: history, page: page) }
        return Router(doors: doors, folders: folders, errors: .negotiated(page), observer: observer)
    }

    /// The paths at which scf-relay has a door, besides those of hooks and of what is in folders.
    static let sitePaths: Set<String> = [
        "/invoke", "/run", "/code", "/functions", "/errors", "/signature", "/healthz", "/readyz", "/deliveries",
        "/history",
        "/history/again", "/history/statistics", "/metrics", "/status",
    ]

    private static func historyDoors(_ history: CallHistory?, _ page: PageRendering) -> [String: any Door] {
        guard let history else {
            return [
                "/history": AbsentDoor.history(.history, page),
                "/history/statistics": AbsentDoor.history(.statistics, page),
            ]
        }
        return [
            "/history": HistoryDoor(history: history, page: page),
            "/history/again": HistoryAgainDoor(history: history, page: page),
            "/history/statistics": StatisticsDoor(history: history, page: page),
        ]
    }

    /// The routes of the cloud's API.
    ///
    /// - Parameters:
    ///   - access: Who may call, and what their calls run with.
    ///   - verification: Which signatures are accepted.
    ///   - memory: Which calls have passed already.
    ///   - regions: Which regions calls may name.
    ///   - limits: Bound everything that is sent.
    ///   - obstacle: Why the process should not get work; `nil` where it should.
    ///   - observer: Is told of each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func cloudAPI(
        access: any CloudAPIAccess, verification: CallVerifier.Settings = .asTheCloud,
        memory: ReplayMemory = ReplayMemory(), regions: RegionRule, limits: Limits,
        obstacle: @escaping @Sendable () -> String? = { nil }, observer: any CallObserver,
        now: @escaping @Sendable () -> Int
    ) -> Router {
        let door = CloudAPIDoor(
            access: access,
            verifier: CallVerifier(verification, memory: memory, credentials: access.credentials), regions: regions,
            limits: limits, observer: observer, now: now)
        return Router(
            doors: ["/": door, "/healthz": HealthDoor.alive, "/readyz": HealthDoor(obstacle: obstacle)],
            errors: .cloudAPI, observer: observer)
    }

    /// The routes of scf-local.
    ///
    /// - Parameters:
    ///   - invoker: Runs functions.
    ///   - catalogue: Knows what functions there are.
    ///   - credentials: Who may call.
    ///   - observer: Is told of each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func localCloud(
        invoker: any Invoker, catalogue: any FunctionCatalogue, credentials: [Credential], observer: any CallObserver,
        now: @escaping @Sendable () -> Int
    ) -> Router {
        cloudAPI(
            access: FixedAccess(credentials: credentials, invoker: invoker, catalogue: catalogue), regions: .documented,
            limits: Limits(),
            observer: observer, now: now)
    }
}

extension CallVerifier.Settings {
    /// What the cloud itself accepts: its own name, for SDKs that reach us through a gateway, and unsigned payloads.
    static var asTheCloud: CallVerifier.Settings {
        var settings = CallVerifier.Settings()
        settings.hostAliases = [Endpoint.standard]
        settings.acceptsUnsignedPayload = true
        return settings
    }
}
