// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud
import WebhookSignatures

/// A webhook as `relay.yaml` describes it: who may send it, what runs, and what its sender is told.
struct Hook: Sendable {
    /// What its sender is told, and when.
    enum Answer: String, Sendable, CaseIterable {
        /// The function's result, once it is there.
        case result
        /// That the call is stored and will run.
        case accepted
    }

    /// The name in `POST /hooks/NAME`: 1 to 64 letters, digits, `-`, `_` and `.`.
    var name: String
    /// What runs.
    var function: HookFunction
    /// Who may send.
    var verification: HookVerification
    /// What the function gets.
    var context = HookContext.body
    /// What the sender is told.
    var answer = Answer.result
    /// The status for "the function ran and failed"; `nil` leaves it to what is known of the sender.
    var failureStatus: Int?
    /// Where the sender's id for a delivery is; `nil` where it has none.
    var deliveryId: FieldSource?
    /// What applies to its deliveries.
    var rules = DeliveryRules()
    /// What results are signed with on their way to ``DeliveryRules/callback``.
    var callbackSecret: WebhookSecret?

    /// The path of its address.
    var path: String { "/hooks/\(name)" }
}

/// The parameters of the call that a hook makes.
struct HookFunction: Sendable, Equatable {
    var name: String
    var namespace = "default"
    var qualifier: String?
    var invocationType = InvokeRequest.InvocationType.requestResponse

    /// The call, with this event.
    func request(_ clientContext: ClientContext?, limits: Limits) throws(CloudError) -> InvokeRequest {
        var fields = InvokeFields()
        fields.set(.functionName, to: name)
        fields.set(.namespace, to: namespace)
        fields.set(.qualifier, to: qualifier ?? "")
        fields.set(.invocationType, to: invocationType.rawValue)
        fields.set(clientContext)
        return try InvokeRequest(fields, limits: limits)
    }
}

/// How a hook tells its sender from anybody else.
struct HookVerification: Sendable {
    /// What is known of the sender.
    var sender: HookSender
    /// How it proves itself; `nil` for not at all, where the address has to do.
    var scheme: (any WebhookScheme)?
    /// The secrets that it may have, the newest first.
    var secrets: [WebhookSecret] = []
    /// The addresses it may come from; `nil` for any.
    var addresses: AddressList?
}

extension Configuration {
    /// The hooks, each in a line, for people.
    public var hookDescriptions: [String] {
        hooks.map { hook in
            let secrets = hook.verification.secrets.map(\.id).joined(separator: ", ")
            let proof = secrets.isEmpty ? "by address alone" : "with \(secrets)"
            let function = "\(hook.function.namespace)/\(hook.function.name)"
            return "\(hook.path) (\(hook.verification.sender.rawValue), \(proof)): \(function), \(hook.answer.rawValue)"
        }
    }
}
