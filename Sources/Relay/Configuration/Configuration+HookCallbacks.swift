// SPDX-License-Identifier: Apache-2.0

import WebhookSignatures

// What a hook needs of the store, and where its results go.

extension HookReading {
    /// What is accepted for later has to be kept somewhere.
    func checkStore(_ answer: Hook.Answer, in section: YAMLSection) {
        guard !hasStore else { return }
        if answer == .accepted {
            section.report(
                "answer", "'answer: accepted' needs 'store', where accepted calls are kept until they have run")
        }
    }

    /// Reads `callback:`.
    func callback(in hook: YAMLSection, answer: Hook.Answer) -> (url: String, secret: WebhookSecret)? {
        guard let section = hook.section("callback") else { return nil }
        defer { hook.finish(section) }
        if answer != .accepted {
            hook.report("callback", "'hooks.callback' is for 'answer: accepted': the sender gets the result already")
        }
        let url =
            section.value("url") { (text) throws(ConfigurationProblem) in
                guard callbacks.allows(url: text) else {
                    throw ConfigurationProblem("its origin is not on the list 'callbacks.origins'")
                }
                return text
            } ?? section.missing("url", "https://ci.example.com/results")
        let secret =
            section.value("secret") { (text) throws(ConfigurationProblem) in
                let secret = WebhookSecret(id: "callback", try SecretReference(text).text(for: environment))
                if let problem = StandardWebhooksScheme().problem(with: secret) {
                    throw ConfigurationProblem("the secret \(problem)")
                }
                guard secret.reveal().hasPrefix("whsec_") else {
                    throw ConfigurationProblem("the secret must begin with whsec_")
                }
                return secret
            } ?? section.missing("secret", "environment:CALLBACK_SECRET")
        guard let url, let secret else { return nil }
        return (url, secret)
    }
}
