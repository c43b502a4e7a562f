// SPDX-License-Identifier: Apache-2.0

import CallStore
import Logging
import Synchronization

/// What the deliverer has logged about each call.
final class DeliveryLog: Sendable {
    private let states = Mutex<[String: CallState]>([:])

    func state(of id: String) -> CallState? { states.withLock { $0[id] } }

    func count(_ state: CallState) -> Int { states.withLock { $0.values.count { $0 == state } } }

    fileprivate func note(_ metadata: Logger.Metadata) {
        guard let id = metadata["call"], let state = metadata["state"] else { return }
        states.withLock { $0["\(id)"] = CallState(rawValue: "\(state)") }
    }
}

struct DeliveryLogHandler: LogHandler {
    let log: DeliveryLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        log.note(event.metadata ?? [:])
    }
}
