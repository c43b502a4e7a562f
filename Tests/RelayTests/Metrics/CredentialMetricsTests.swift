// SPDX-License-Identifier: Apache-2.0

import Invocation
import Testing

@testable import Relay

@Suite("What is told of the cloud's credential")
struct CredentialMetricsTests {
    private func samples(of state: CredentialState) -> [String] {
        var text = MetricsText(.prometheus)
        CloudMetrics.write(state, to: &text)
        return String(decoding: text.finished(), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix("#") }
    }

    @Test("A permanent one has an age, and no end")
    func permanent() {
        #expect(samples(of: CredentialState(age: .seconds(90))) == ["scf_relay_credential_age_seconds 90.0"])
    }

    @Test("A role's has an age, an end, and fetches that went well or not")
    func role() {
        let state = CredentialState(age: .milliseconds(1500), end: 1_700_003_600, fetched: 3, failed: 1)
        #expect(
            samples(of: state) == [
                "scf_relay_credential_age_seconds 1.5",
                "scf_relay_credential_expiry_timestamp_seconds 1700003600",
                #"scf_relay_credential_fetches_total{result="ok"} 3"#,
                #"scf_relay_credential_fetches_total{result="failed"} 1"#,
            ])
    }
}
