// SPDX-License-Identifier: Apache-2.0

import WebhookSignatures

/// The senders whose ways are known: how they sign, how they name a delivery, and what they do with an answer.
enum HookSender: String, Sendable, CaseIterable {
    case standardWebhooks = "standard-webhooks"
    case github
    case gitlab
    case grafana
    case alertmanager
    case coding
    case slack
    case stripe
    case bearer
    case basic
    /// Any sender that signs with HMAC; the configuration spells it out.
    case hmac
    /// A sender that proves nothing.
    case none

    /// Where it writes its id for a delivery. The same id again is the same delivery sent again.
    var deliveryId: FieldSource? {
        switch self {
        case .standardWebhooks: .header("webhook-id")
        case .github: .header("X-GitHub-Delivery")
        case .coding: .header("X-Coding-Delivery")
        case .slack: .pointer("/event_id")
        case .stripe: .pointer("/id")
        case .gitlab, .bearer, .basic, .hmac, .none: .header("Idempotency-Key")
        // Each notification of theirs is a new one.
        case .grafana, .alertmanager: nil
        }
    }

    /// The header field that says what has happened, and what stands in it for "this is only a test of the address".
    var ping: (header: String, event: String)? {
        switch self {
        case .github: ("X-GitHub-Event", "ping")
        case .coding: ("X-Coding-Event", "ping")
        default: nil
        }
    }

    /// Whether a form may stand in for JSON, with the JSON in its field `payload`.
    var maySendPayloadForm: Bool { self == .github || self == .coding || self == .slack }

    // MARK: What it does with an answer

    /// Whether "come back later" has to be 503. Alertmanager tries again after 5xx alone: with a 429 its alerts would wait
    /// minutes. An older GitLab switches a hook off for good after four 4xx, but only for a while after 5xx.
    var knowsOnly5xxAsTemporary: Bool { self == .alertmanager || self == .gitlab }

    /// Whether its hooks are switched off after a few failed deliveries. What a function thinks of a payload is then no
    /// reason to call the delivery failed.
    var switchesFailingHooksOff: Bool { self == .gitlab || self == .slack }

    /// Whether it sends again at once, again and again, for as long as it is answered with 5xx.
    var repeats5xxAtOnce: Bool { self == .alertmanager }

    /// What in an answer keeps it from sending the same again.
    var endOfRetries: (name: String, value: String)? {
        switch self {
        case .standardWebhooks: ("webhook-delivery", "abort-message")
        case .slack: ("X-Slack-No-Retry", "1")
        default: nil
        }
    }
}
