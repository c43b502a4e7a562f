// SPDX-License-Identifier: Apache-2.0

/// Which keys are in use: one that nobody uses any more can be taken out. Never a key, nor what names it at the cloud.
struct KeyMetrics: MetricSource {
    let callerKeys: [KeyUse]
    let hooks: [(name: String, uses: SecretUses)]

    func write(to text: inout MetricsText) async {
        text.begin(
            "scf_relay_caller_key_uses_total", .counter,
            "Calls at the cloud API whose signature was right, by caller and number of the key in relay.yaml, from 1.")
        for key in callerKeys { text.sample(["caller": key.caller, "key": String(key.number)], key.calls) }
        let uses = hooks.flatMap { hook in hook.uses.all.map { (hook.name, $0) } }
        text.begin(
            "scf_relay_hook_secret_uses_total", .counter,
            "Webhooks that were verified, by hook and id of the secret in relay.yaml.")
        for (hook, use) in uses { text.sample(["hook": hook, "secret": use.secret], use.count) }
        text.begin(
            "scf_relay_hook_secret_last_use_timestamp_seconds", .gauge,
            "When a webhook was last verified with the secret, in UNIX seconds; absent where none was.")
        for (hook, use) in uses {
            if let last = use.last { text.sample(["hook": hook, "secret": use.secret], last) }
        }
    }
}
