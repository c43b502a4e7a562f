// SPDX-License-Identifier: Apache-2.0

import TencentCloud
import WebhookSignatures

/// Reads how a hook tells its sender from anybody else: `verify:`, `secrets:`, `allow:`.
struct HookVerificationReading {
    /// The process's environment, for secrets that are in it.
    let environment: [String: String]

    private static let windowSeconds = 1...86_400
    /// Secrets of one hook: one, two while it is exchanged, a few where several senders share an address.
    private static let maximumSecrets = 8

    /// - Returns: `nil` where there is a problem, which `hook` has collected.
    func verification(in hook: YAMLSection) -> HookVerification? {
        let proof: Proof?
        switch hook.item("verify") {
        case nil: proof = hook.has("verify") ? nil : hook.missing("verify", "github")
        case .word(let word, _):
            proof = Self.sender(named: word, in: hook, key: "verify").flatMap { sender in
                Self.proof(of: sender, in: nil, else: hook)
            }
        case .section(let section):
            proof = Self.proof(in: section)
            hook.finish(section)
        }
        let addresses = addresses(in: hook)
        guard let proof else {
            // What else is wrong is told along with it.
            _ = hook.items("secrets")
            return nil
        }
        guard let scheme = proof.scheme else {
            if hook.items("secrets") != nil {
                hook.report("secrets", "'hooks.secrets' means nothing with 'verify: none'")
            }
            if !hook.has("allow") {
                hook.report(
                    "verify",
                    "'verify: none' needs 'allow', a list of addresses: without either, anybody could run the function")
            }
            return HookVerification(sender: proof.sender, scheme: nil, addresses: addresses)
        }
        let secrets = secrets(for: scheme, in: hook)
        return HookVerification(sender: proof.sender, scheme: scheme, secrets: secrets, addresses: addresses)
    }

    private func addresses(in hook: YAMLSection) -> AddressList? {
        hook.values("allow") { text in
            _ = try AddressList([text])
            return text
        }.flatMap { try? AddressList($0) }
    }
}

// MARK: - Schemes

extension HookVerificationReading {
    private struct Proof {
        let sender: HookSender
        let scheme: (any WebhookScheme)?
    }

    private static func sender(named word: String, in section: YAMLSection, key: String) -> HookSender? {
        if let sender = HookSender(rawValue: word) { return sender }
        let all = HookSender.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        section.report(key, "'\(section.path(key))': '\(word)' is not known; known are \(all)")
        return nil
    }

    private static func proof(in section: YAMLSection) -> Proof? {
        guard let word = section.string("scheme") ?? section.missing("scheme", "github") else { return nil }
        return sender(named: word, in: section, key: "scheme").flatMap { proof(of: $0, in: section, else: section) }
    }

    /// How a sender proves itself. `section` has the keys beside `scheme`; `nil` where the sender was named in one word.
    private static func proof(of sender: HookSender, in section: YAMLSection?, else hook: YAMLSection) -> Proof? {
        let window = { section?.integer("windowSeconds", in: windowSeconds) ?? 300 }
        switch sender {
        case .standardWebhooks: return Proof(sender: sender, scheme: StandardWebhooksScheme(windowSeconds: window()))
        case .stripe: return Proof(sender: sender, scheme: StripeScheme(windowSeconds: window()))
        case .slack:
            var scheme = HMACScheme.slack
            scheme.windowSeconds = window()
            return Proof(sender: sender, scheme: scheme)
        case .github: return Proof(sender: sender, scheme: HMACScheme.gitHub)
        case .coding: return Proof(sender: sender, scheme: HMACScheme.coding)
        case .gitlab: return Proof(sender: sender, scheme: TokenScheme.gitLab)
        case .bearer: return Proof(sender: sender, scheme: AuthorizationScheme.bearer)
        case .basic: return Proof(sender: sender, scheme: AuthorizationScheme.basic)
        case .alertmanager:
            let scheme = section?.choice("authorization", of: AuthorizationScheme.self) ?? .bearer
            return Proof(sender: sender, scheme: scheme)
        case .grafana: return Proof(sender: sender, scheme: grafana(in: section, window: window))
        case .hmac:
            guard let section else {
                hook.report("verify", "'verify: hmac' needs every part: verify: {scheme: hmac, header: X-Signature, …}")
                return nil
            }
            return hmac(in: section, window: window).map { Proof(sender: sender, scheme: $0) }
        case .none: return Proof(sender: sender, scheme: nil)
        }
    }

    private static func grafana(in section: YAMLSection?, window: () -> Int) -> any WebhookScheme {
        if let scheme = section?.choice("authorization", of: AuthorizationScheme.self) { return scheme }
        let timestampHeader = section?.value("timestampHeader", headerName)
        var scheme = HMACScheme.grafana(timestampHeader: timestampHeader)
        if timestampHeader != nil { scheme.windowSeconds = window() }
        if let header = section?.value("header", headerName) { scheme.header = header }
        return scheme
    }

    private static func hmac(in section: YAMLSection, window: () -> Int) -> HMACScheme? {
        let header = section.value("header", headerName) ?? section.missing("header", "X-Signature")
        let algorithm = section.choice("algorithm", of: HashFunction.self) ?? section.missing("algorithm", "sha256")
        let encoding = section.choice("encoding", of: SignatureEncoding.self) ?? section.missing("encoding", "hex")
        let prefix = section.string("prefix") ?? ""
        let idHeader = section.value("idHeader", headerName)
        let timestampHeader = section.value("timestampHeader", headerName)
        let text =
            section.value("signedText") { try SignedText(pattern: $0) } ?? section.missing("signedText", "\"{body}\"")
        guard let header, let algorithm, let encoding, let text else { return nil }
        // A header that is read and not signed could be exchanged; one that is signed and not read cannot be had.
        if text.hasTimestamp != (timestampHeader != nil) {
            section.report("signedText", "'timestampHeader' and {timestamp} in 'signedText' belong together")
        }
        if text.hasId != (idHeader != nil) {
            section.report("signedText", "'idHeader' and {id} in 'signedText' belong together")
        }
        return HMACScheme(
            header: header, algorithm: algorithm, encoding: encoding, prefix: prefix, idHeader: idHeader,
            timestampHeader: timestampHeader, signedText: text, windowSeconds: timestampHeader == nil ? 300 : window())
    }

    private static func headerName(_ text: String) throws(ConfigurationProblem) -> String {
        guard HeaderRules.isName(text) else { throw ConfigurationProblem("'\(text)' is no name of a header field") }
        return text
    }
}

// MARK: - Secrets

extension HookVerificationReading {
    private func secrets(for scheme: any WebhookScheme, in hook: YAMLSection) -> [WebhookSecret] {
        guard let items = hook.items("secrets") else {
            return hook.has("secrets") ? [] : hook.missing("secrets", "[environment:DEPLOY_HOOK_SECRET]") ?? []
        }
        if items.count > Self.maximumSecrets {
            hook.report("secrets", "'hooks.secrets' holds more than \(Self.maximumSecrets) secrets")
        }
        var secrets: [WebhookSecret] = []
        for item in items {
            guard let secret = secret(item, in: hook) else { continue }
            if let problem = scheme.problem(with: secret) {
                hook.report("secrets", "'hooks.secrets': the secret '\(secret.id)' \(problem)")
            }
            if secrets.contains(where: { $0.id == secret.id }) {
                hook.report("secrets", "'hooks.secrets': the id '\(secret.id)' is given twice")
            }
            secrets.append(secret)
        }
        return secrets
    }

    /// `environment:NAME`, or `{id: 2025-11, from: environment:NAME}`. Without an id, a secret goes by the name of its
    /// variable or file.
    private func secret(_ item: YAMLSection.Item, in hook: YAMLSection) -> WebhookSecret? {
        switch item {
        case .word(let text, let node):
            do throws(ConfigurationProblem) {
                let reference = try SecretReference(text)
                return WebhookSecret(id: reference.name, try reference.text(for: environment))
            } catch {
                hook.report(node, "'hooks.secrets': \(error.message)")
                return nil
            }
        case .section(let section):
            defer { hook.finish(section) }
            let id = section.value("id", Self.secretId)
            let found = section.value("from") { text throws(ConfigurationProblem) -> WebhookSecret in
                let reference = try SecretReference(text)
                return WebhookSecret(id: id ?? reference.name, try reference.text(for: environment))
            }
            return found ?? section.missing("from", "environment:DEPLOY_HOOK_SECRET")
        }
    }

    private static func secretId(_ text: String) throws(ConfigurationProblem) -> String {
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw ConfigurationProblem("must be at most 64 visible ASCII characters")
        }
        return text
    }
}

extension SecretReference {
    /// The name of the variable, or of the file without its folders.
    fileprivate var name: String {
        switch self {
        case .environment(let name): name
        case .file(let path): path.split(separator: "/").last.map(String.init) ?? path
        }
    }
}
