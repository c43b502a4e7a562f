// SPDX-License-Identifier: Apache-2.0

import CallStore
import Logging

extension CallHistory {
    /// The history that a configuration names.
    ///
    /// A file that cannot be opened does not keep the relay from serving: it is opened as soon as it can be.
    convenience init(_ settings: Configuration.HistorySettings, logger: Logger) {
        let store = Configuration.database.history(at: settings.path, limits: settings.limits)
        self.init(store: store, keepsPayloads: settings.payloads, logger: logger)
    }
}
