// SPDX-License-Identifier: Apache-2.0

import Invocation

/// What a relay counts as long as its process lives. Another configuration does not touch it.
struct RelayMetrics: Sendable {
    let calls: CallMetrics
    let inFlight: CallsInFlight
    let shed = ShedCalls()
    let furtherTries = FurtherTries()
    let servers = ServersInView()
    let reloads: Reloads
    /// When counting began, in UNIX seconds.
    let startTime: Int

    /// - Parameters:
    ///   - loops: How many loops serve.
    ///   - now: The time, in UNIX seconds.
    init(loops: Int = 1, now: Int) {
        calls = CallMetrics(loops: loops)
        inFlight = CallsInFlight(loops: loops)
        reloads = Reloads(at: now)
        startTime = now
    }
}
