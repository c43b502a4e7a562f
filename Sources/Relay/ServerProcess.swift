// SPDX-License-Identifier: Apache-2.0

import CEpoll
public import EventLoop
import Glibc
public import Logging
public import ServiceLifecycle
import UnixSignals

/// What a server's process needs before its first call: loops, log, limits of the system, and an orderly end.
public struct ServerProcess: Sendable {
    /// One loop for each core.
    public let loops: EventLoopGroup
    /// The log.
    public let writer: LogWriter
    /// For everything that is logged beside calls.
    public let logger: Logger

    /// Sets the process up. To be called once.
    ///
    /// - Parameter logFormat: How lines of the log look.
    /// - Throws: `SystemError` where the kernel grants no loops or threads.
    public init(logFormat: LogFormat = .json) throws(SystemError) {
        // A web server or a reader of the log that goes away is an error of one call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        Self.raiseDescriptorLimit()
        Self.keepLargeBlocks()
        let writer = try LogWriter(format: logFormat)
        self.writer = writer
        logger = Logger(label: "scf") { _ in LineLogHandler(writer: writer, now: Self.unixSeconds) }
        loops = try EventLoopGroup()
    }

    /// Runs a service until SIGTERM or SIGINT, and returns when it has drained.
    public func run(_ service: any Service) async throws {
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        defer { writer.flush() }
        try await group.run()
    }

    /// The time in UNIX seconds.
    public static let unixSeconds: @Sendable () -> Int = { time(nil) }

    /// Two descriptors are open for each call: as many as the system allows.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Bodies of a megabyte come and go with each call. Giving their memory back to the system every time costs a page
    /// fault for each 4 KB of the next one: a tenth of the whole call.
    private static func keepLargeBlocks() {
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_ARENA_MAX, 4)
    }
}
