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

    /// The routes of scf-relay's own cloud API.
    ///
    /// - Parameters:
    ///   - access: Who may call, and what calls run with.
    ///   - limits: Bound everything that is sent.
    ///   - readiness: Says whether the process should get work.
    ///   - log: Gets one line for each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func cloudAPI(
        access: any CloudAPIAccess, limits: Limits, readiness: Readiness, log: CallLog,
        now: @escaping @Sendable () -> Int
    ) -> Router {
        let verifier = TC3Verifier(
            hostAliases: ["scf.tencentcloudapi.com"], acceptsUnsignedPayload: true, credentials: access.credentials)
        let door = CloudAPIDoor(access: access, verifier: verifier, limits: limits, log: log, now: now)
        return Router(
            doors: ["/": door, "/healthz": HealthDoor.alive, "/readyz": HealthDoor { readiness.obstacle }],
            errors: .cloudAPI, log: log)
    }

    /// The routes of scf-local.
    ///
    /// - Parameters:
    ///   - invoker: Runs functions.
    ///   - credentials: Who may call.
    ///   - log: Gets one line for each call.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The router.
    static func localCloud(
        invoker: any Invoker, credentials: [Credential], log: CallLog, now: @escaping @Sendable () -> Int
    ) -> Router {
        let access = FixedAccess(credentials: credentials, invoker: invoker)
        let verifier = TC3Verifier(
            hostAliases: ["scf.tencentcloudapi.com"], acceptsUnsignedPayload: true, credentials: access.credentials)
        let door = CloudAPIDoor(access: access, verifier: verifier, limits: Limits(), log: log, now: now)
        return Router(
            doors: ["/": door, "/healthz": HealthDoor.alive, "/readyz": HealthDoor.alive], errors: .cloudAPI, log: log)
    }
}
