// SPDX-License-Identifier: Apache-2.0

import FastCGI
import TencentCloud
import WebhookSignatures

/// Lets a hook's sender in, and nobody else, before anything of the request is parsed.
struct HookVerifier: Sendable {
    let verification: HookVerification
    let uses: SecretUses
    let now: @Sendable () -> Int

    /// - Returns: The id of the secret that the sender has; empty where it needs none.
    /// - Throws: `AuthFailure.SignatureFailure`, the same whatever is wrong; the reason is the operator's.
    func verify(_ call: HTTPCall) throws(CloudError) -> String {
        if let addresses = verification.addresses {
            let address = call.request.parameters["REMOTE_ADDR"] ?? ""
            guard addresses.contains(address) else { throw Self.refusal("the address is not on the hook's list") }
        }
        guard let scheme = verification.scheme else { return "" }
        let message = WebhookMessage(body: call.request.body[...], values: call.headers)
        do throws(WebhookRefusal) {
            let secret = try scheme.verify(message, secrets: verification.secrets, now: now())
            uses.note(secret, at: now())
            return secret
        } catch {
            throw Self.refusal("\(error)")
        }
    }

    private static func refusal(_ reason: String) -> CloudError {
        CloudError(
            "AuthFailure.SignatureFailure", "The request could not be verified.", operatorDetail: reason)
    }
}
