// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Sends what is logged through swift-log to the same lines that calls are logged in.
public struct LineLogHandler: LogHandler {
    /// Metadata of every line.
    public var metadata: Logger.Metadata = [:]
    /// What is less important is left out.
    public var logLevel: Logger.Level = .info

    private let writer: LogWriter
    private let now: @Sendable () -> Int

    /// Creates a handler.
    public init(writer: LogWriter, now: @escaping @Sendable () -> Int) {
        self.writer = writer
        self.now = now
    }

    /// One item of metadata.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line.
    public func log(event: LogEvent) {
        var line = LogLine(time: now(), level: event.level.rawValue, format: writer.format)
        line.add("message", event.message.description)
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { line.add(named: name, value.description) }
        writer.write(line.finished())
    }
}
