// SPDX-License-Identifier: Apache-2.0

public import CallStore

extension Configuration {
    /// Where calls are kept for people to look at.
    public struct HistorySettings: Sendable, Equatable {
        /// The database's file; its folder has to be there, on a disk of this machine.
        public var path: String
        /// What it may hold.
        public var limits = HistoryLimits()
        /// Whether what is sent and returned is kept too.
        public var payloads = false
    }

    /// Reads `history:`.
    ///
    /// - Parameters:
    ///   - top: The file.
    ///   - store: The queue's settings, whose file is another.
    /// - Returns: `nil` where no history is kept.
    static func history(_ top: YAMLSection, besides store: StoreSettings?) -> HistorySettings? {
        guard let section = top.section("history") else { return nil }
        defer { top.finish(section) }
        let path = section.value("path", databasePath) ?? section.missing("path", "/var/lib/scf-relay/history.db")
        guard let path else { return nil }
        if path == store?.path {
            section.report("path", "'history.path' must differ from 'store.path'")
        } else if let store, let file = DatabasePath(text: path).resolved,
            file == DatabasePath(text: store.path).resolved
        {
            section.report("path", "'history.path' must differ from 'store.path': both are \(file)")
        }
        var settings = HistorySettings(path: path)
        if let calls = section.integer("maximumCalls", in: 1...10_000_000) { settings.limits.calls = calls }
        if let bytes = section.integer("maximumBytes", in: 1_048_576...1_099_511_627_776) {
            settings.limits.bytes = bytes
        }
        if let days = section.integer("keepDays", in: 1...3650) { settings.limits.keepDays = days }
        if let payloads = section.boolean("payloads") { settings.payloads = payloads }
        return settings
    }
}
