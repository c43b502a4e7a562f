// SPDX-License-Identifier: Apache-2.0

extension Configuration {
    /// How the log is written.
    public struct LogSettings: Sendable, Equatable {
        /// JSON for programs, text for people.
        public var format = LogFormat.json

        /// The defaults.
        public init() {}
    }

    /// What a configuration file says about the form of the log, for lines that are written before the rest of it is read.
    ///
    /// - Returns: JSON where it says nothing, or nothing that can be read.
    public static func logFormat(file: String) -> LogFormat {
        (try? section(yaml: text(of: file), file: file)).map { log($0).format } ?? .json
    }

    /// Reads `log:`.
    static func log(_ top: YAMLSection) -> LogSettings {
        var settings = LogSettings()
        guard let section = top.section("log") else { return settings }
        defer { top.finish(section) }
        if let format = section.choice("format", of: LogFormat.self) { settings.format = format }
        return settings
    }
}
