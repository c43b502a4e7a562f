// SPDX-License-Identifier: Apache-2.0

import UnixSignals

/// Says when a relay's configuration is to be read again: after SIGHUP, and after a change of its file.
public struct ReloadTriggers: Sendable {
    /// Why it is read again, for the log.
    enum Reason: String, Sendable {
        case signal = "SIGHUP"
        case change = "the file has changed"
    }

    private let hangups: UnixSignalsSequence
    private let watch: FileWatch

    /// Attends to both from now on, so that nothing is missed that comes while a relay starts. To be called once, and before
    /// the configuration is read: what the file is now counts as read.
    public init(_ source: ConfigurationSource) async {
        hangups = await UnixSignalsSequence(trapping: .sighup)
        watch = FileWatch(source.file)
    }

    /// Calls `reload`, one time after the other, until the task is cancelled.
    func run(_ reload: @escaping @Sendable (Reason) async -> Void) async {
        // What comes while one is under way is one more, however often it comes.
        let (reasons, reason) = AsyncStream.makeStream(of: Reason.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup { group in
            group.addTask { for await _ in hangups { reason.yield(.signal) } }
            group.addTask { await watch.run { reason.yield(.change) } }
            for await reason in reasons {
                watch.noteRead()
                await reload(reason)
            }
            group.cancelAll()
        }
    }
}
