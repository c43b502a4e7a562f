// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import EventLoop
import Invocation

/// The way to one cloud: connections to it, and what is known of its clock. Configurations that name the same endpoint share
/// it; one that nobody uses any more closes its connections.
struct CloudLink: Sendable {
    let client: HTTPClient
    let clock: CloudClock
    private let endpoint: CloudEndpoint
    private let limits: Limits

    private init(
        _ endpoint: CloudEndpoint, _ limits: Limits, _ loops: EventLoopGroup, _ now: @escaping @Sendable () -> Int
    ) {
        self.endpoint = endpoint
        self.limits = limits
        var settings = HTTPClient.Settings()
        settings.responseBytes = limits.responseBytes
        settings.allowsPlainHTTP = !endpoint.isEncrypted
        client = HTTPClient(loops: loops, settings: settings)
        clock = CloudClock(now: now)
    }

    /// The link that a configuration needs: the one that there is, where it leads to the same place.
    static func link(
        for configuration: Configuration, succeeding previous: CloudLink?, loops: EventLoopGroup,
        now: @escaping @Sendable () -> Int
    ) -> CloudLink {
        let (endpoint, limits) = (configuration.cloud.endpoint, configuration.limits)
        if let previous, previous.endpoint == endpoint, previous.limits.responseBytes == limits.responseBytes {
            return previous
        }
        return CloudLink(endpoint, limits, loops, now)
    }
}
