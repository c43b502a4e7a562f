// SPDX-License-Identifier: Apache-2.0

import CallStore
import Logging

extension CallHistory {
    /// The history that a configuration names.
    ///
    /// A file that cannot be opened does not keep the relay from serving: it is opened as soon as it can be.
    convenience init(_ settings: Configuration.HistorySettings, logger: Logger) {
        let store = SQLiteHistory(path: settings.path, limits: settings.limits)
        // What went wrong is said by whatever tries it next.
        try? store.open()
        self.init(store: store, keepsPayloads: settings.payloads, logger: logger)
    }
}
