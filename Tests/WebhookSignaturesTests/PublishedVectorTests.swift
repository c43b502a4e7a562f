// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import WebhookSignatures

/// What the senders publish as examples, and, for those that publish none, what Python's `hmac` computes.
@Suite("Published vectors")
struct PublishedVectorTests {
    struct Vector: CustomTestStringConvertible {
        let testDescription: String
        let scheme: any WebhookScheme
        let secret: String
        let now: Int
        let message: Message
    }

    static let vectors: [Vector] = [
        Vector(
            testDescription: "GitHub, documented", scheme: HMACScheme.gitHub, secret: "It's a Secret to Everybody",
            now: 0,
            message: Message(
                "Hello, World!",
                [
                    (
                        "X-Hub-Signature-256",
                        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
                    )
                ])),
        Vector(
            testDescription: "Slack, documented", scheme: HMACScheme.slack, secret: "8f742231b10e8888abcd99yyyzzz85a5",
            now: 1_531_420_618,
            message: Message(
                "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
                    + "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
                    + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F"
                    + "96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
                [
                    ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
                    ("X-Slack-Request-Timestamp", "1531420618"),
                ])),
        Vector(
            testDescription: "Standard Webhooks v1, of its libraries", scheme: StandardWebhooksScheme(),
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now: 1_614_265_330,
            message: Message(
                #"{"test": 2432232314}"#,
                [
                    ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
                    ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
                ])),
        Vector(
            testDescription: "Standard Webhooks v1a, of Svix's server", scheme: StandardWebhooksScheme(),
            secret: "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=", now: 1_614_265_330,
            message: Message(
                #"{"test": 2432232314}"#,
                [
                    ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"), ("webhook-timestamp", "1614265330"),
                    (
                        "webhook-signature",
                        "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
                    ),
                ])),
        Vector(
            testDescription: "Stripe, of its .NET library", scheme: StripeScheme(), secret: "webhook_secret",
            now: 1_533_204_620,
            message: Message(
                """
                {
                  "id": "evt_123",
                  "object": "event",
                  "account": "acct_123",
                  "api_version": "2017-05-25",
                  "created": 1533204620,
                  "data": {
                    "object": {
                      "id": "ii_123",
                      "object": "invoiceitem",
                      "amount": 1000,
                      "currency": "usd",
                      "customer": "cus_123",
                      "date": 1533204620,
                      "description": "Test Invoice Item",
                      "discountable": false,
                      "invoice": "in_123",
                      "livemode": false,
                      "metadata": {},
                      "period": {
                        "start": 1533204620,
                        "end": 1533204620
                      },
                      "plan": null,
                      "proration": false,
                      "quantity": null,
                      "subscription": null
                    }
                  },
                  "livemode": false,
                  "pending_webhooks": 1,
                  "request": {
                    "id": "req_123",
                    "idempotency_key": "idempotency-key-123"
                  },
                  "type": "invoiceitem.created"
                }

                """,
                [
                    (
                        "Stripe-Signature",
                        "t=1533204620,v1=f0bdba6d4eacbd8ad8a3bbadd7248e633ec1477f7899c124c51b39405fa36613,"
                            + "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"
                    )
                ])),
        Vector(
            testDescription: "Stripe, computed", scheme: StripeScheme(), secret: "whsec_test_secret",
            now: 1_492_774_577,
            message: Message(
                "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}",
                [
                    (
                        "Stripe-Signature",
                        "t=1492774577,v1=c2f890decbc5ede7c5060bb9a6d31e0626a4342bacb9aeae2adb1bcea72f9812,"
                            + "v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39"
                    )
                ])),
        Vector(
            testDescription: "CODING, computed", scheme: HMACScheme.coding, secret: "coding-webhook-token", now: 0,
            message: Message(
                #"{"zen":"Coding","hook_id":1}"#,
                [("X-Coding-Signature", "sha1=5bf57460e8405a5b3e1d65906f84bedfb1b44c56")])),
        Vector(
            testDescription: "Grafana, computed", scheme: HMACScheme.grafana(timestampHeader: nil),
            secret: "grafana-hmac-secret", now: 0,
            message: Message(
                #"{"status":"firing"}"#,
                [
                    (
                        "X-Grafana-Alerting-Signature",
                        "1c0a294cfc62a3a54be979f6eeebaab8a9fa9256064ea2a71a9e1a06f7c28f8d"
                    )
                ])),
        Vector(
            testDescription: "Grafana with a timestamp, computed",
            scheme: HMACScheme.grafana(timestampHeader: "X-Time"),
            secret: "grafana-hmac-secret", now: 1_700_000_000,
            message: Message(
                #"{"status":"firing"}"#,
                [
                    (
                        "X-Grafana-Alerting-Signature",
                        "d8d33a8c004f4208e55b4f06afd580d05fb212a55b4b554822a4ee92b30f10cb"
                    ), ("X-Time", "1700000000"),
                ])),
        Vector(
            testDescription: "HMAC-SHA512 in Base64, computed",
            scheme: HMACScheme(header: "X-Signature", algorithm: .sha512, encoding: .base64),
            secret: "key-for-sha512-tests", now: 0,
            message: Message(
                "payload",
                [
                    (
                        "X-Signature",
                        "j0DGHz+y1Uut1kL3nKRXpOgbkF9z6wfC2EUOzsmv0rUGXqZSqZKjQJUrbHaDD3dczSObUtZldvGkixGLjXd2Ig=="
                    )
                ])),
    ]

    @Test("Each is verified, and by no other secret or body", arguments: vectors)
    func verified(vector: Vector) throws {
        let secret = WebhookSecret(id: "right", vector.secret)
        let message = vector.message.webhook
        #expect(try vector.scheme.verify(message, secrets: [secret], now: vector.now) == "right")
        // Stripe's library tests with a secret that is shorter than any that is taken here.
        #expect((vector.scheme.problem(with: secret) == nil) == (vector.secret.utf8.count >= 16))

        let other = WebhookSecret(id: "other", vector.secret + "x")
        #expect(throws: WebhookRefusal.noSecretFits) {
            try vector.scheme.verify(message, secrets: [other], now: vector.now)
        }
        #expect(throws: WebhookRefusal.noSecretFits) {
            try vector.scheme.verify(message, secrets: [], now: vector.now)
        }
        for index in vector.message.body.indices {
            var altered = vector.message
            altered.body[index] ^= 1
            #expect(throws: WebhookRefusal.noSecretFits) {
                try vector.scheme.verify(altered.webhook, secrets: [secret], now: vector.now)
            }
        }
    }

    @Test("Each is what this side would send", arguments: vectors.filter { !$0.secret.hasPrefix("whpk_") })
    func signed(vector: Vector) throws {
        let fields = try #require(
            vector.scheme.sign(
                vector.message.body[...], secret: WebhookSecret(id: "", vector.secret),
                id: vector.message.value("webhook-id"), now: vector.now))
        for field in fields {
            let published = vector.message.value(field.name)
            #expect(published == field.value || published.hasPrefix(field.value + ",v0="))
        }
    }

    @Test("A public key verifies and cannot sign")
    func publicKey() {
        let key = WebhookSecret(id: "", "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=")
        #expect(StandardWebhooksScheme().sign([], secret: key, id: "msg_1", now: 1) == nil)
    }

    /// RFC 2202 and RFC 4231, test cases 2 and 6 (for SHA-1 with 131 bytes of key, computed).
    static let codes: [(HashFunction, key: [UInt8], message: String, code: String)] = [
        (.sha1, Array("Jefe".utf8), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        (
            .sha256, Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            .sha512, Array("Jefe".utf8), "what do ya want for nothing?",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
        ),
        (
            .sha1, [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "90d0dace1c1bdc957339307803160335bde6df2b"
        ),
        (
            .sha256, [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            .sha512, [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"
        ),
    ]

    @Test("HMAC computes what the RFCs say", arguments: codes.indices)
    func hmac(index: Int) {
        let (function, key, message, code) = Self.codes[index]
        let computed = function.authenticate(Array(message.utf8)[...], key: key)
        #expect(SignatureEncoding.hex.encode(computed) == code)
        // The empty key is a key too, and not "the key of last time".
        #expect(function.authenticate([], key: []) != function.authenticate([], key: key))
        #expect(function.authenticate([], key: []) == function.authenticate([], key: []))
    }
}
