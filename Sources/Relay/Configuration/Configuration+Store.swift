// SPDX-License-Identifier: Apache-2.0

public import CallStore
import CurlHTTP
import WebhookSignatures

extension Configuration {
    /// What keeps accepted calls and the history. Nothing else here names it.
    public static var database: any Store { SQLiteStore() }

    /// Where accepted calls and senders' ids are kept, and how they are delivered.
    public struct StoreSettings: Sendable, Equatable {
        /// The database's file; its folder has to be there, on a disk of this machine.
        public var path: String
        /// What it may hold.
        public var limits = StoreLimits()
        /// Deliveries under way at once.
        public var deliveriesAtOnce = 16
        /// Hours after which a call that fails again and again is given up.
        public var retryHours = 72
    }

    /// Reads what a configuration file says about the store, and nothing else of it: whoever looks after the queue need
    /// not have the keys that the relay has.
    ///
    /// - Throws: ``ConfigurationError`` where that is wrong, or there is no store.
    public static func store(file: String) throws(ConfigurationError) -> StoreSettings {
        let top = try section(yaml: text(of: file), file: file)
        let settings: StoreSettings? = store(top) ?? top.missing("store", "{path: /var/lib/scf-relay/calls.db}")
        guard top.problems.isEmpty, let settings else { throw ConfigurationError(file: file, problems: top.problems) }
        return settings
    }

    /// Reads `store:`.
    static func store(_ top: YAMLSection) -> StoreSettings? {
        guard let section = top.section("store") else { return nil }
        defer { top.finish(section) }
        let path = section.value("path", databasePath) ?? section.missing("path", "/var/lib/scf-relay/calls.db")
        guard let path else { return nil }
        var settings = StoreSettings(path: path)
        if let calls = section.integer("maximumCalls", in: 1...10_000_000) { settings.limits.calls = calls }
        if let bytes = section.integer("maximumBytes", in: 1_048_576...1_099_511_627_776) {
            settings.limits.bytes = bytes
        }
        if let days = section.integer("keepDays", in: 1...3650) { settings.limits.keepDays = days }
        if let count = section.integer("deliveriesAtOnce", in: 1...1024) { settings.deliveriesAtOnce = count }
        if let hours = section.integer("retryHours", in: 0...8760) { settings.retryHours = hours }
        return settings
    }

    /// The path of a database's file.
    static func databasePath(_ text: String) throws(ConfigurationProblem) -> String {
        // SQLite has other meanings for these.
        guard !text.hasPrefix(":"), !text.hasPrefix("file:") else {
            throw ConfigurationProblem("must be the path of a file")
        }
        return text
    }

    /// What results are signed with, by the name of the hook.
    var callbackSecrets: [String: WebhookSecret] {
        Dictionary(hooks.compactMap { hook in hook.callbackSecret.map { (hook.name, $0) } }) { first, _ in first }
    }

    /// Reads `callbacks:`.
    static func callbacks(_ top: YAMLSection) -> CallbackRules {
        var rules = CallbackRules()
        guard let section = top.section("callbacks") else { return rules }
        defer { top.finish(section) }
        rules.origins =
            section.values("origins") { (text) throws(ConfigurationProblem) in
                guard let origin = CallbackOrigin(exactly: text) else {
                    throw ConfigurationProblem("'\(text)' is no origin; write https://HOST or https://HOST:PORT")
                }
                return origin
            } ?? []
        rules.networks =
            section.values("networks") { (text) throws(ConfigurationProblem) in
                guard let network = AddressRange(text) else {
                    throw ConfigurationProblem("'\(text)' is no network; write, for example, 10.1.0.0/16")
                }
                return network
            } ?? []
        return rules
    }
}
