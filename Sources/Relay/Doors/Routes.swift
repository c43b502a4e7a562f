// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

// Which door is where.

extension Router {
    /// The routes of scf-relay.
    ///
    /// - Parameters:
    ///   - functions: What may be called.
    ///   - invoker: Runs it; already behind the policy.
    ///   - limits: Bound everything that is sent.
    ///   - readiness: Says whether the process should get work.
    ///   - log: Gets one line for each call.
    /// - Returns: The router.
    static func relay(
        functions: FunctionList, invoker: any Invoker, limits: Limits, readiness: Readiness, log: CallLog
    ) -> Router {
        let page = PageRendering(templates: PageTemplates.embedded)
        return Router(
            doors: [
                "/invoke": InvokeDoor(invoker: invoker, limits: limits, page: page, log: log),
                "/functions": FunctionsDoor(functions),
                "/healthz": HealthDoor.alive,
                "/readyz": HealthDoor { readiness.obstacle },
            ],
            errors: .negotiated(page), log: log)
    }

    /// The routes of the cloud's API.
    ///
    /// - Parameters:
    ///   - access: Who may call, and what their calls run with.
    ///   - verification: Which signatures are accepted.
    ///   - regions: Which regions calls may name.
    ///   - limits: Bound everything that is sent.
    ///   - obstacle: Why the process should not get work; `nil` where it should.
    ///   - log: Gets one line for each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func cloudAPI(
        access: any CloudAPIAccess, verification: CallVerifier.Settings = .asTheCloud, regions: RegionRule,
        limits: Limits,
        obstacle: @escaping @Sendable () -> String? = { nil }, log: CallLog, now: @escaping @Sendable () -> Int
    ) -> Router {
        let door = CloudAPIDoor(
            access: access, verifier: CallVerifier(verification, credentials: access.credentials), regions: regions,
            limits: limits, log: log, now: now)
        return Router(
            doors: ["/": door, "/healthz": HealthDoor.alive, "/readyz": HealthDoor(obstacle: obstacle)],
            errors: .cloudAPI, log: log)
    }

    /// The routes of scf-local.
    ///
    /// - Parameters:
    ///   - invoker: Runs functions.
    ///   - catalogue: Knows what functions there are.
    ///   - credentials: Who may call.
    ///   - log: Gets one line for each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func localCloud(
        invoker: any Invoker, catalogue: any FunctionCatalogue, credentials: [Credential], log: CallLog,
        now: @escaping @Sendable () -> Int
    ) -> Router {
        cloudAPI(
            access: FixedAccess(credentials: credentials, invoker: invoker, catalogue: catalogue), regions: .documented,
            limits: Limits(),
            log: log, now: now)
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
