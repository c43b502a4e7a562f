// SPDX-License-Identifier: Apache-2.0

@testable import WebhookSignatures

extension Harness {
    /// A webhook: the first byte chooses the scheme, header fields follow as lines, an empty line, and the body.
    ///
    /// What a sender signs is let in; what is let in was signed over this very body, unless the scheme says nothing of it.
    static let webhook = Harness(name: "webhook") { input throws in
        var pieces = Pieces(input)
        let scheme = schemes[pieces.choice(of: schemes.count)]
        var fields: [(name: String, value: String)] = []
        while case let line = pieces.line(), !line.isEmpty {
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            let value = line.dropFirst(name.count + 1)
            fields.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        try checkSender(scheme, body: pieces.rest)
        try checkForgery(scheme, fields, body: pieces.rest)
    }

    private static let now = 1_700_000_000
    private static let secret = WebhookSecret(id: "fuzz", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    private static let other = WebhookSecret(id: "other", "whsec_plJ3nmyCDGBKInavdOK15jsl0123456789")
    private static let basic = WebhookSecret(id: "basic", "alerts:correct horse")

    private static let schemes: [any WebhookScheme] = [
        HMACScheme.gitHub, HMACScheme.slack, HMACScheme.coding, HMACScheme.grafana(timestampHeader: nil),
        HMACScheme.grafana(timestampHeader: "X-Grafana-Time"), StandardWebhooksScheme(), StripeScheme(),
        TokenScheme.gitLab, AuthorizationScheme.bearer, AuthorizationScheme.basic,
        HMACScheme(
            header: "X-Own", algorithm: .sha512, encoding: .base64, idHeader: "X-Id", timestampHeader: "X-Time",
            signedText: SignedText([.id, .literal("."), .timestamp, .literal("."), .body])),
    ]

    private static func key(of scheme: any WebhookScheme) -> WebhookSecret {
        scheme as? AuthorizationScheme == .basic ? basic : secret
    }

    private static func accepts(
        _ scheme: any WebhookScheme, _ fields: [(name: String, value: String)], _ body: ArraySlice<UInt8>,
        _ secrets: [WebhookSecret], at time: Int
    ) -> String? {
        let message = WebhookMessage(body: body) { name in
            fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
        }
        return try? scheme.verify(message, secrets: secrets, now: time)
    }

    private static func checkSender(_ scheme: any WebhookScheme, body: ArraySlice<UInt8>) throws {
        let key = key(of: scheme)
        guard let fields = scheme.sign(body, secret: key, id: "msg_1", now: now) else { return }
        try require(accepts(scheme, fields, body, [other, key], at: now + 299) == key.id, "what was signed is refused")
        try require(accepts(scheme, fields, body, [other], at: now) == nil, "another secret does as well")
    }

    private static func checkForgery(
        _ scheme: any WebhookScheme, _ fields: [(name: String, value: String)], body: ArraySlice<UInt8>
    ) throws {
        let key = key(of: scheme)
        guard accepts(scheme, fields, body, [key], at: now) != nil else { return }
        try require(accepts(scheme, fields, body, [other], at: now) == nil, "another secret does as well")
        let saysNothingOfBody = scheme is TokenScheme || scheme is AuthorizationScheme
        guard !saysNothingOfBody else { return }
        let changed = Array(body) + [UInt8(ascii: "!")]
        try require(accepts(scheme, fields, changed[...], [key], at: now) == nil, "another body does as well")
    }
}
