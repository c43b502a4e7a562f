// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import Invocation

/// How the cloud is called.
struct CloudMetrics: MetricSource {
    let client: HTTPClient
    let clock: CloudClock
    let furtherTries: FurtherTries
    let credentials: any CredentialProvider

    func write(to text: inout MetricsText) async {
        let connections = client.connections
        text.single(
            "scf_relay_cloud_connections", .gauge, "Connections to the cloud that are open, in use or kept.",
            connections.open)
        text.single(
            "scf_relay_cloud_connections_begun_total", .counter, "Connections to the cloud that were begun.",
            connections.begun)
        text.begin(
            "scf_relay_cloud_requests_total", .counter,
            "Requests to the cloud, by whether a connection was made for them.")
        text.sample(["connection": "kept"], connections.requestsOnKept)
        text.sample(["connection": "new"], connections.requestsOnNew)
        text.begin(
            "scf_relay_retries_total", .counter, "Calls sent to the cloud once more, by the reason. None had started.")
        for reason in FurtherTries.Reason.allCases {
            text.sample(["reason": reason.rawValue], furtherTries.count(of: reason))
        }
        text.single(
            "scf_relay_clock_offset_seconds", .gauge,
            "Time by which the cloud's clock is ahead, as far as it has objected; 0 where it has not.",
            clock.offsetSeconds)
        if let state = credentials.state { Self.write(state, to: &text) }
    }

    static func write(_ state: CredentialState, to text: inout MetricsText) {
        text.single(
            "scf_relay_credential_age_seconds", .gauge, "Time since the credential for the cloud was read or fetched.",
            state.age.seconds)
        guard let end = state.end else { return }
        text.single(
            "scf_relay_credential_expiry_timestamp_seconds", .gauge,
            "When the credential of the machine's role ends, in UNIX seconds.", end)
        text.begin(
            "scf_relay_credential_fetches_total", .counter, "Fetches of the credential of the machine's role.")
        text.sample(["result": "ok"], state.fetched)
        text.sample(["result": "failed"], state.failed)
    }
}
