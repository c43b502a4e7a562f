// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import TencentCloud

/// A relay wired up by one configuration: its doors, and what stands behind each.
///
/// Nothing of it changes. Another configuration is another wiring, which takes over what both can use from the one before
/// it. Calls that began in the old one end there, and it goes with the last of them.
struct Wiring: Sendable {
    let configuration: Configuration
    let credentials: CloudCredentials
    /// The doors at `listen`.
    let site: Router
    /// The doors at `apiListen`; `nil` where that is closed.
    let api: Router?
    let functionDelivery: FunctionDelivery
    let callbackDelivery: CallbackDelivery
    /// Knows the memory of functions, for the history.
    let memory: any FunctionMemory
    /// Each caller's own rate, by name.
    let callerPacers: [String: Pacer]

    private let link: CloudLink
    private let hooks: [HookDoor]
    private let callers: Callers

    /// Wires a relay up. Nothing works by it before ``LastingParts/adopt(_:)``.
    ///
    /// - Parameters:
    ///   - checked: The configuration.
    ///   - lasting: What there is already, whatever the configuration.
    ///   - previous: The wiring that it takes the place of.
    init(_ checked: CheckedConfiguration, _ lasting: LastingParts, succeeding previous: Wiring? = nil) {
        let configuration = checked.configuration
        self.configuration = configuration
        credentials = checked.credentials

        link = .link(for: configuration, succeeding: previous?.link, loops: lasting.loops, now: lasting.now)
        let cloud = CloudInvoker(checked, link, lasting.metrics.furtherTries, lasting.pacer)
        let catalogue = CloudCatalogue(checked, link)
        memory = CloudFunctionMemory(catalogue)
        let functions = FunctionList(configuration.functions)
        let invoker = PolicedInvoker(
            functions: functions, gate: lasting.gate, pacer: lasting.pacer, actions: configuration.actions,
            inFlight: lasting.metrics.inFlight, shed: lasting.metrics.shed, invoker: cloud)

        functionDelivery = FunctionDelivery(
            invoker: invoker, limits: configuration.limits, observer: lasting.deliveryObserver)
        callbackDelivery = CallbackDelivery(
            rules: configuration.callbacks, secrets: configuration.callbackSecrets, loops: lasting.loops,
            succeeding: previous?.callbackDelivery, now: lasting.now)

        hooks = HookDoor.doors(
            configuration.hooks, succeeding: previous?.hooks ?? [], invoker: invoker, inbox: lasting.inbox,
            limits: configuration.limits, observer: lasting.observer, now: lasting.now)
        let callerPacers = Self.callerPacers(configuration, succeeding: previous?.callerPacers ?? [:])
        self.callerPacers = callerPacers
        callers = Callers(configuration.callers, succeeding: previous?.callers) { caller in
            PolicedInvoker(
                functions: FunctionList(caller.functions, of: "the caller \(caller.name)"), gate: lasting.gate,
                pacer: lasting.pacer, ownPacer: callerPacers[caller.name], actions: configuration.actions,
                inFlight: lasting.metrics.inFlight, shed: lasting.metrics.shed,
                invoker: OwnCredentialRefusals(invoker: cloud))
        }
        let parts = WatchedParts(
            client: link.client, clock: link.clock, credentials: credentials.provider, callers: callers, hooks: hooks)
        site = .relay(
            functions: FunctionDirectory(
                functions,
                ask: { (namespace) throws(CloudError) in try await catalogue.functions(of: namespace) }),
            target: configuration.codeTarget, invoker: invoker, limits: configuration.limits,
            readiness: lasting.readiness, hooks: hooks, deliveries: lasting.deliveries, history: lasting.history,
            watching: lasting.doors(watching: parts), observer: lasting.observer, now: lasting.now)
        api =
            configuration.apiListen == nil
            ? nil
            : .cloudAPI(
                access: callers, memory: lasting.replays, regions: .any, limits: configuration.limits,
                obstacle: { [readiness = lasting.readiness] in readiness.obstacle }, observer: lasting.observer,
                now: lasting.now)
    }

    private static func callerPacers(
        _ configuration: Configuration, succeeding previous: [String: Pacer]
    ) -> [String: Pacer] {
        let pairs = configuration.callers.map { caller in
            (caller.name, previous[caller.name] ?? Pacer(caller.requestsPerSecond, configuration.load))
        }
        return Dictionary(pairs) { first, _ in first }
    }
}

// MARK: - Bounds of the servers

extension Wiring {
    var siteSettings: Server.Settings { settings(bodyBytes: configuration.limits.requestBodyBytes) }
    var apiSettings: Server.Settings { settings(bodyBytes: RequestSize.bodyBytes) }

    private func settings(bodyBytes: Int) -> Server.Settings {
        var settings = Server.Settings()
        settings.bodyBytes = bodyBytes
        settings.bytesHeld = configuration.load.bytesHeld
        // A call holds a connection, and so does the answer that refuses one too many.
        settings.maximumConnections = max(settings.maximumConnections, configuration.load.inFlight + 1024)
        return settings
    }
}

extension CloudCatalogue {
    fileprivate init(_ checked: CheckedConfiguration, _ link: CloudLink) {
        let cloud = checked.configuration.cloud
        self.init(
            endpoint: cloud.endpoint, region: cloud.region, credentials: checked.credentials.provider,
            client: link.client, clock: link.clock)
    }
}

extension CloudInvoker {
    fileprivate init(
        _ checked: CheckedConfiguration, _ link: CloudLink, _ furtherTries: FurtherTries, _ pacer: Pacer
    ) {
        let configuration = checked.configuration
        self.init(
            endpoint: configuration.cloud.endpoint, region: configuration.cloud.region,
            actions: configuration.actions, credentials: checked.credentials.provider, client: link.client,
            timeout: .seconds(configuration.cloud.timeoutSeconds), limits: configuration.limits, clock: link.clock,
            furtherTries: furtherTries,
            pause: { (time, action) throws(CloudError) in
                try await CloudInvoker.sleep(time, action)
                // A further try counts like any other call.
                if action.isPaced { try await pacer.takeTurn() }
            })
    }
}
