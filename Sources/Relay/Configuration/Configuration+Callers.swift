// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// Reads `callers:`, and fetches their keys.
struct CallerReading {
    /// The process's environment, for keys that are in it.
    let environment: [String: String]
    /// What may be called at all.
    let functions: [FunctionList.Entry]
    /// The action of functions that name none.
    let action: InvokeAction
    /// The rate of all calls of the action Invoke together; 0 for none.
    let requestsPerSecond: Int

    private var names: Set<String> = []
    /// Whose a SecretId is.
    private var owners: [String: String] = [:]

    init(
        environment: [String: String], functions: [FunctionList.Entry], action: InvokeAction, requestsPerSecond: Int
    ) {
        self.environment = environment
        self.functions = functions
        self.action = action
        self.requestsPerSecond = requestsPerSecond
    }

    /// A caller's keys: one, or two while it is replaced.
    static let maximumKeys = 2
    private static let nameCharacters = 64

    /// All callers; those with a problem, which `top` has collected, are left out.
    mutating func callers(in top: YAMLSection) -> [Caller] {
        guard let sections = top.sections("callers") else { return [] }
        if sections.isEmpty { top.report("callers", "'callers' is empty: nobody could call") }
        var callers: [Caller] = []
        for section in sections {
            if let caller = caller(in: section) { callers.append(caller) }
            top.finish(section)
        }
        return callers
    }

    private mutating func caller(in section: YAMLSection) -> Caller? {
        let name = section.value("name", Self.name) ?? section.missing("name", "reports")
        if let name, !names.insert(name).inserted { section.report("name", "the caller '\(name)' is given twice") }
        let keys = keys(in: section, of: name ?? "")
        let functions = allowed(in: section)
        let rate = rate(in: section, of: functions ?? [])
        guard let name, let functions else { return nil }
        return Caller(name: name, keys: keys, functions: functions, requestsPerSecond: rate)
    }

    private static func name(_ text: String) throws(ConfigurationProblem) -> String {
        let isFit = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-_.".utf8.contains(byte)
        }
        guard isFit, text.utf8.count <= nameCharacters else {
            throw ConfigurationProblem("must be 1 to \(nameCharacters) letters, digits, '-', '_' and '.'")
        }
        return text
    }
}

// MARK: - Keys

extension CallerReading {
    private mutating func keys(in caller: YAMLSection, of name: String) -> [Credential] {
        guard caller.has("keys") else { return key(in: caller, of: name).map { [$0] } ?? [] }
        for key in ["secretId", "secretKey", "token"] where caller.has(key) {
            caller.report(key, "'callers.\(key)' and 'callers.keys' are given; all keys belong into 'keys'")
            _ = caller.string(key)
        }
        guard let sections = caller.sections("keys") else { return [] }
        guard (1...Self.maximumKeys).contains(sections.count) else {
            caller.report("keys", "'callers.keys' must hold one key, or two while one is replaced")
            return []
        }
        var keys: [Credential] = []
        for section in sections {
            defer { caller.finish(section) }
            guard let key = key(in: section, of: name) else { continue }
            if keys.contains(key) { section.report("secretId", "the same key is given twice") }
            keys.append(key)
        }
        return keys
    }

    private mutating func key(in section: YAMLSection, of caller: String) -> Credential? {
        let secretId = section.value("secretId", Self.secretId) ?? section.missing("secretId", "AKIDREPORTS")
        if let secretId, let owner = owners.updateValue(caller, forKey: secretId), owner != caller {
            section.report("secretId", "the SecretId '\(secretId)' is that of the caller '\(owner)' already")
        }
        let secretKey =
            secret("secretKey", in: section, minimumBytes: SecretReference.minimumKeyBytes)
            ?? section.missing("secretKey", "environment:REPORTS_KEY")
        let token = secret("token", in: section, minimumBytes: 1)
        guard let secretId, let secretKey else { return nil }
        return Credential(secretId: secretId, secretKey: secretKey, token: token)
    }

    private func secret(_ key: String, in section: YAMLSection, minimumBytes: Int) -> Secret? {
        section.value(key) { text in
            try SecretReference(text).secret(in: environment, minimumBytes: minimumBytes)
        }
    }

    private static func secretId(_ text: String) throws(ConfigurationProblem) -> String {
        do throws(CloudError) {
            return try CredentialText.checkedSecretId(text, name: "secretId", place: "the configuration")
        } catch {
            throw ConfigurationProblem(error.message)
        }
    }
}

// MARK: - Rights

extension CallerReading {
    /// The word for "whatever this relay may call". It has to be said: nothing is allowed by silence.
    private static let all = "all"

    private func allowed(in section: YAMLSection) -> [FunctionList.Entry]? {
        switch section.textOrList("functions") {
        case nil: return section.missing("functions", "[hello, default/echo] or functions: all")
        case .text(Self.all): return functions
        case .text:
            section.report("functions", "'callers.functions' must be a list, or the word 'all'")
            return nil
        case .list(let items):
            if items.isEmpty {
                section.report("functions", "'callers.functions' is empty: the caller could call nothing")
            }
            return items.compactMap { function(named: $0.text, line: $0.line, in: section) }
        }
    }

    private func function(named text: String, line: Int?, in section: YAMLSection) -> FunctionList.Entry? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let (namespace, name) = parts.count == 2 ? (parts[0], parts[1]) : ("default", parts[0])
        if let function = functions.first(where: { $0.namespace == namespace && $0.name == name }) { return function }
        section.report("the function '\(namespace)/\(name)' is not on the list 'functions'", line: line)
        return nil
    }

    private func rate(in section: YAMLSection, of functions: [FunctionList.Entry]) -> Int {
        let rate = section.integer("requestsPerSecond", in: 1...10_000) ?? 0
        let isPaced = functions.allSatisfy { ($0.action ?? action).isPaced }
        if isPaced, requestsPerSecond > 0, rate > requestsPerSecond {
            section.report(
                "requestsPerSecond",
                "'callers.requestsPerSecond' must not be over 'limits.requestsPerSecond', which is \(requestsPerSecond)"
            )
        }
        return rate
    }
}
