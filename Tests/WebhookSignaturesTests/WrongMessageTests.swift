// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WebhookSignatures

/// Every way of getting a message wrong, for every scheme: each starts from one that is right.
@Suite("Messages that are refused")
struct WrongMessageTests {
    static let now = 1_700_000_000
    static let body = #"{"event":"push"}"#

    struct Sender: CustomTestStringConvertible {
        let testDescription: String
        let scheme: any WebhookScheme
        let secret: String
        /// The field that carries the proof.
        let header: String
        /// The field, or the part of the proof, that carries the time.
        var timestampHeader: String?

        var right: Message {
            let secret = WebhookSecret(id: "", secret)
            let fields = scheme.sign(
                Array(WrongMessageTests.body.utf8)[...], secret: secret, id: "msg_1", now: WrongMessageTests.now)
            return Message(WrongMessageTests.body, fields ?? [])
        }

        func refusal(_ message: Message, now: Int = WrongMessageTests.now) -> WebhookRefusal? {
            do {
                _ = try scheme.verify(message.webhook, secrets: [WebhookSecret(id: "a", secret)], now: now)
                return nil
            } catch {
                return error
            }
        }
    }

    static let senders = [
        Sender(
            testDescription: "standard-webhooks", scheme: StandardWebhooksScheme(),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", header: "webhook-signature",
            timestampHeader: "webhook-timestamp"),
        Sender(
            testDescription: "github", scheme: HMACScheme.gitHub, secret: "0123456789abcdef",
            header: "X-Hub-Signature-256"),
        Sender(
            testDescription: "slack", scheme: HMACScheme.slack, secret: "0123456789abcdef", header: "X-Slack-Signature",
            timestampHeader: "X-Slack-Request-Timestamp"),
        Sender(
            testDescription: "coding", scheme: HMACScheme.coding, secret: "0123456789abcdef",
            header: "X-Coding-Signature"),
        Sender(
            testDescription: "grafana", scheme: HMACScheme.grafana(timestampHeader: "X-Grafana-Alerting-Timestamp"),
            secret: "0123456789abcdef", header: "X-Grafana-Alerting-Signature",
            timestampHeader: "X-Grafana-Alerting-Timestamp"),
        Sender(
            testDescription: "stripe", scheme: StripeScheme(), secret: "0123456789abcdef", header: "Stripe-Signature"),
        Sender(
            testDescription: "gitlab", scheme: TokenScheme.gitLab, secret: "0123456789abcdef", header: "X-Gitlab-Token"),
        Sender(
            testDescription: "bearer", scheme: AuthorizationScheme.bearer, secret: "0123456789abcdef",
            header: "Authorization"),
        Sender(
            testDescription: "basic", scheme: AuthorizationScheme.basic, secret: "alerts:correct horse",
            header: "Authorization"),
        Sender(
            testDescription: "hmac with everything",
            scheme: HMACScheme(
                header: "X-Signature", algorithm: .sha512, encoding: .base64, prefix: "s=", idHeader: "X-Id",
                timestampHeader: "X-Time",
                signedText: SignedText([.id, .literal("|"), .timestamp, .literal("|"), .body]), windowSeconds: 60),
            secret: "0123456789abcdef", header: "X-Signature", timestampHeader: "X-Time"),
    ]

    @Test("What this side signs, it verifies", arguments: senders)
    func right(sender: Sender) {
        #expect(sender.refusal(sender.right) == nil)
    }

    @Test("A proof that is missing, empty, or there twice", arguments: senders)
    func presence(sender: Sender) {
        let right = sender.right
        let value = right.value(sender.header)
        #expect(sender.refusal(right.without(sender.header)) == .missing(sender.header))
        #expect(sender.refusal(right.with(sender.header, "")) == .empty(sender.header))
        // Side by side, as nginx before 1.23 passes them on; joined, as later ones do.
        #expect(sender.refusal(right.adding(sender.header, value)) == .repeated(sender.header))
        #expect(sender.refusal(right.adding(sender.header, "x")) == .repeated(sender.header))
        for other in [value, "x", ""] {
            #expect(sender.refusal(right.with(sender.header, "\(value), \(other)")) != nil)
            #expect(sender.refusal(right.with(sender.header, "\(other), \(value)")) != nil)
        }
    }

    @Test("A proof that is cut, lengthened, altered, or in another case", arguments: senders)
    func proof(sender: Sender) {
        let right = sender.right
        let value = right.value(sender.header)
        for count in 1..<value.count {
            #expect(sender.refusal(right.with(sender.header, String(value.prefix(count)))) != nil, "\(count)")
        }
        for wrong in [
            value + "0", value + "=", value + " ", " " + value, value + "\n", value.uppercased(), value + "\0",
        ] {
            #expect(sender.refusal(right.with(sender.header, wrong)) != nil, "\(wrong)")
        }
        for index in value.indices {
            var altered = value
            altered.replaceSubrange(index...index, with: value[index] == "5" ? "6" : "5")
            // The name of Authorization's scheme apart, no character may change.
            #expect(sender.refusal(right.with(sender.header, altered)) != nil, "\(altered)")
        }
    }

    @Test("Another hook's secret", arguments: senders)
    func otherSecret(sender: Sender) {
        let others = [
            "another secret of enough bytes", "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk", "user:another password",
        ]
        for secret in others {
            let secrets = [WebhookSecret(id: "x", secret)]
            #expect(throws: WebhookRefusal.noSecretFits) {
                try sender.scheme.verify(sender.right.webhook, secrets: secrets, now: Self.now)
            }
        }
    }

    @Test("One of several secrets will do, and its id is told", arguments: senders)
    func rotation(sender: Sender) throws {
        let right = WebhookSecret(id: "right", sender.secret)
        let old = WebhookSecret(id: "old", "whsec_QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNk")
        for secrets in [[right, old], [old, right]] {
            #expect(try sender.scheme.verify(sender.right.webhook, secrets: secrets, now: Self.now) == "right")
        }
    }

    static let timestamps = [
        "NaN", "nan", "inf", "-1700000000", "+1700000000", "1700000000.0", "1.7e9", "0x6553f100", " 1700000000",
        "1700000000 ", "01700000000", "0", "1700000000abc", "1700000000,1700000000", "١٧٠٠٠٠٠٠٠٠",
        "99999999999999999999999999", "1700000000000000", "null", "",
    ]

    @Test(
        "A timestamp that is no plain number is refused even where it is signed",
        arguments: senders.filter { $0.timestampHeader != nil }, timestamps)
    func timestamp(sender: Sender, timestamp: String) throws {
        let header = try #require(sender.timestampHeader)
        let expected: WebhookRefusal =
            timestamp.isEmpty ? .empty(header) : .malformed(header, expected: "a number of UNIX seconds")
        #expect(sender.refusal(sender.right.with(header, timestamp)) == expected)
        #expect(sender.refusal(sender.right.without(header)) == .missing(header))
        #expect(sender.refusal(sender.right.adding(header, "\(Self.now)")) == .repeated(header))
    }

    @Test("Stripe's timestamp, likewise", arguments: timestamps)
    func stripeTimestamp(timestamp: String) throws {
        let stripe = try #require(Self.senders.first { $0.testDescription == "stripe" })
        let value = stripe.right.value(stripe.header).replacing("t=\(Self.now)", with: "t=\(timestamp)")
        #expect(stripe.refusal(stripe.right.with(stripe.header, value)) != nil)
    }

    @Test("The window holds on both sides, to the second", arguments: senders)
    func window(sender: Sender) {
        let window = sender.testDescription.hasPrefix("hmac") ? 60 : 300
        let isTimed = sender.timestampHeader != nil || sender.testDescription == "stripe"
        for (now, refusal) in [
            (Self.now + window, nil), (Self.now - window, nil),
            (Self.now + window + 1, WebhookRefusal.tooOld(seconds: window + 1, window: window)),
            (Self.now - window - 1, WebhookRefusal.tooNew(seconds: window + 1, window: window)),
        ] {
            #expect(sender.refusal(sender.right, now: now) == (isTimed ? refusal : nil))
        }
    }

    @Test("A timestamp that was moved into the window is not the one that was signed")
    func movedTimestamp() throws {
        for sender in Self.senders {
            guard let header = sender.timestampHeader else { continue }
            #expect(sender.refusal(sender.right.with(header, "\(Self.now + 1)")) == .noSecretFits)
        }
    }

    @Test("An id that was exchanged is not the one that was signed")
    func exchangedId() throws {
        let standard = try #require(Self.senders.first)
        #expect(standard.refusal(standard.right.with("webhook-id", "msg_2")) == .noSecretFits)
        #expect(standard.refusal(standard.right.without("webhook-id")) == .missing("webhook-id"))
    }

    @Test("Authorization's scheme may be in any case")
    func schemeCase() throws {
        for sender in Self.senders.filter({ $0.header == "Authorization" }) {
            let value = sender.right.value(sender.header)
            let space = try #require(value.firstIndex(of: " "))
            let other = value[..<space].uppercased() + value[space...]
            #expect(sender.refusal(sender.right.with(sender.header, other)) == nil)
        }
    }

    @Test("Stripe: any of several v1 will do; other elements mean nothing")
    func stripeSignatures() throws {
        let stripe = try #require(Self.senders.first { $0.testDescription == "stripe" })
        let value = stripe.right.value(stripe.header)
        let wrong = "v1=" + String(repeating: "0", count: 64)
        let signature = try #require(value.split(separator: ",").last)
        for right in [
            "\(value),\(wrong)", "t=\(Self.now),\(wrong),\(signature)", "\(signature),t=\(Self.now)", "\(value),v0=zz",
        ] {
            #expect(stripe.refusal(stripe.right.with(stripe.header, right)) == nil, "\(right)")
        }
        let many = "t=\(Self.now)," + Array(repeating: wrong, count: 16).joined(separator: ",") + ",\(signature)"
        for bad in [
            "t=\(Self.now)", String(signature), "\(value),t=\(Self.now)", "\(value),", ",\(value)", "\(value),v1=",
            "t=\(Self.now),v0=\(signature.dropFirst(3))", many, "\(value);v0=1", "\(value), v0=1",
        ] {
            #expect(stripe.refusal(stripe.right.with(stripe.header, bad)) != nil, "\(bad)")
        }
    }

    @Test("Standard Webhooks: any of several signatures will do; unknown versions mean nothing")
    func standardSignatures() throws {
        let standard = try #require(Self.senders.first)
        let value = standard.right.value(standard.header)
        let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        for right in ["\(value) \(wrong)", "\(wrong) \(value)", "v9,AAAA \(value)", "v1a,AAAA \(value)"] {
            #expect(standard.refusal(standard.right.with(standard.header, right)) == nil, "\(right)")
        }
        let many = Array(repeating: wrong, count: 16).joined(separator: " ") + " \(value)"
        let hmacAsPublicKey = value.replacing("v1,", with: "v1a,")
        for bad in [
            wrong, many, "\(value)  \(wrong)", "\(value) v1", "\(value), \(value)", hmacAsPublicKey,
            "v2" + value.dropFirst(2),
            "V1" + value.dropFirst(2), String(value.dropFirst(3)),
        ] {
            #expect(standard.refusal(standard.right.with(standard.header, bad)) != nil, "\(bad)")
        }
    }
}
