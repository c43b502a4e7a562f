// SPDX-License-Identifier: Apache-2.0

import CallStore
import CurlHTTP
import EventLoop
import Invocation
import WebhookSignatures

/// Sends a result to where its hook's configuration says, signed by Standard Webhooks. The receiver may get it more than
/// once, always with the same `webhook-id`.
struct CallbackDelivery: CallDelivery {
    private let rules: CallbackRules
    private let secrets: [String: WebhookSecret]
    /// Holds every connection to `rules` too.
    private let client: HTTPClient
    private let timeout: Duration
    private let now: @Sendable () -> Int

    /// Creates a sender.
    ///
    /// - Parameters:
    ///   - rules: Where results may be sent.
    ///   - secrets: What to sign with, by the name of the hook.
    ///   - loops: The loops to run on.
    ///   - previous: The sender that it takes the place of; its connections are kept where the same rules hold.
    ///   - timeout: Time for one attempt.
    ///   - now: The time, in UNIX seconds.
    init(
        rules: CallbackRules, secrets: [String: WebhookSecret], loops: EventLoopGroup,
        succeeding previous: CallbackDelivery? = nil, timeout: Duration = .seconds(15),
        now: @escaping @Sendable () -> Int
    ) {
        self.rules = rules
        self.secrets = secrets
        self.timeout = timeout
        self.now = now
        if let previous, previous.rules == rules {
            client = previous.client
        } else {
            client = HTTPClient(loops: loops, settings: Self.clientSettings(rules))
        }
    }

    private static func clientSettings(_ rules: CallbackRules) -> HTTPClient.Settings {
        var settings = HTTPClient.Settings()
        settings.allowsPlainHTTP = rules.allowsPlainHTTP
        // Nobody reads more of an answer than its status.
        settings.responseBytes = 1 << 16
        settings.idleConnections = 4
        settings.mayConnect = { rules.allows($0) }
        return settings
    }

    func deliver(_ claim: ClaimedCall) async -> Delivered {
        Delivered(result: await send(claim.call))
    }

    private func send(_ call: NewCall) async -> DeliveryResult {
        guard case .callback(let url) = call.target, let body = call.payload else {
            return .refused(AttemptOutcome(code: "InternalError", message: "This is no callback."))
        }
        guard rules.allows(url: url) else {
            return .refused(AttemptOutcome(code: "CallbackNotAllowed", message: "The address is not on the list."))
        }
        guard let secret = secrets[call.hook],
            let signature = StandardWebhooksScheme().sign(body[...], secret: secret, id: call.id, now: now())
        else {
            return .notDelivered(
                AttemptOutcome(code: "CallbackNotSigned", message: "The hook has no secret to sign callbacks with."))
        }
        let fields = [("Content-Type", "application/json")] + TraceContext(of: call).headerFields + signature
        let request = HTTPClient.Request(url: url, headerFields: fields, body: [body[...]], timeout: timeout)
        do throws(HTTPClientError) {
            return result(of: try await client.send(request))
        } catch {
            return Self.result(of: error)
        }
    }

    private func result(of response: HTTPClient.Response) -> DeliveryResult {
        let outcome = AttemptOutcome(
            code: (200..<300).contains(response.status) ? "OK" : "CallbackStatus.\(response.status)")
        if outcome.code == "OK" { return .delivered(outcome) }
        return .notDelivered(
            outcome, retryAfterSeconds: response.retryAfter.flatMap { RetryAfter.seconds($0, now: now()) })
    }

    private static func result(of error: HTTPClientError) -> DeliveryResult {
        switch error {
        case .responseTooLarge, .responseHeaderTooLarge:
            .delivered(AttemptOutcome(code: "OK", message: "The answer was long and was not read."))
        case .neverSent, .timedOut(wasSent: false):
            .notDelivered(AttemptOutcome(code: "CallbackUnreachable", message: "\(error)"))
        case .outcomeUnknown, .timedOut(wasSent: true), .cancelled:
            .unknown(AttemptOutcome(code: "CallbackUnknown", message: "\(error)"))
        }
    }
}
