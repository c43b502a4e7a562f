// SPDX-License-Identifier: Apache-2.0

public import CurlHTTP
import Invocation
import WebhookSignatures

/// What the sender of a hook would send, signed with the hook's own secret.
public struct HookTest: Sendable {
    /// Where the site that script/server starts has its hooks.
    public static let defaultSite = "http://127.0.0.1:8080"
    /// Longer than a relay waits for a function, unless it is told otherwise.
    private static let patience: Duration = .seconds(330)

    private let hook: Hook
    /// What a request to the relay may hold.
    let maximumBodyBytes: Int

    /// Finds a hook.
    ///
    /// - Parameters:
    ///   - name: As in `POST /hooks/NAME`.
    ///   - configuration: What `relay.yaml` says.
    /// - Throws: ``ConfigurationProblem`` where there is no such hook.
    public init(_ name: String, in configuration: Configuration) throws(ConfigurationProblem) {
        guard let hook = configuration.hooks.first(where: { $0.name == name }) else {
            let names = configuration.hooks.map(\.name).joined(separator: ", ")
            throw ConfigurationProblem(
                "there is no hook '\(name)'; there \(names.isEmpty ? "is none at all" : "are: \(names)")")
        }
        self.hook = hook
        maximumBodyBytes = configuration.limits.requestBodyBytes
    }

    /// Where the hook is on the site that script/server starts.
    public var defaultURL: String { Self.defaultSite + hook.path }

    /// The request.
    ///
    /// - Parameters:
    ///   - body: Sent as it is.
    ///   - url: Where to.
    ///   - contentType: What the body is.
    ///   - extraFields: Further header fields; they take the place of those that the sender has.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The request, ready to be sent.
    /// - Throws: ``ConfigurationProblem`` where the hook has a public key and nothing to sign with.
    public func request(
        body: [UInt8], to url: String, contentType: String, extraFields: [(name: String, value: String)], now: Int
    ) throws(ConfigurationProblem) -> HTTPClient.Request {
        let id = "test_\(RequestId.random())"
        var fields = [(name: "Content-Type", value: contentType)] + hook.verification.sender.sampleFields
        fields += try proof(of: body, id: id, now: now)
        if case .header(let header) = hook.deliveryId, !fields.contains(where: { $0.name.isSameField(header) }) {
            fields.append((header, id))
        }
        fields.removeAll { field in extraFields.contains { $0.name.isSameField(field.name) } }
        return HTTPClient.Request(
            url: url, headerFields: fields + extraFields, body: [body[...]], timeout: Self.patience)
    }

    private func proof(
        of body: [UInt8], id: String, now: Int
    ) throws(ConfigurationProblem) -> [(name: String, value: String)] {
        guard let scheme = hook.verification.scheme, let secret = hook.verification.secrets.first else { return [] }
        guard let fields = scheme.sign(body[...], secret: secret, id: id, now: now) else {
            throw ConfigurationProblem(
                "the first secret of '\(hook.name)' is a public key: only the sender can sign. Put a whsec_ first for a test"
            )
        }
        return fields
    }
}

extension HookSender {
    /// What it writes into every request besides its proof.
    fileprivate var sampleFields: [(name: String, value: String)] {
        switch self {
        case .github: [("User-Agent", "GitHub-Hookshot/test"), ("X-GitHub-Event", "push")]
        case .gitlab: [("User-Agent", "GitLab/test"), ("X-Gitlab-Event", "Push Hook")]
        case .coding: [("User-Agent", "Coding.net Hook"), ("X-Coding-Event", "push")]
        case .alertmanager: [("User-Agent", "Alertmanager/test")]
        case .grafana: [("User-Agent", "Grafana")]
        case .slack: [("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")]
        case .stripe: [("User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")]
        case .standardWebhooks, .bearer, .basic, .hmac, .none: [("User-Agent", "scf-relay hooks test")]
        }
    }
}

extension String {
    fileprivate func isSameField(_ other: String) -> Bool { lowercased() == other.lowercased() }
}
