// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How often, and when last, each secret of a hook was used: an old one may go once nobody uses it any more.
final class SecretUses: Sendable {
    /// What is known of one secret.
    struct Use: Sendable, Equatable {
        /// Its id.
        let secret: String
        /// Deliveries that were verified with it since the start.
        var count = 0
        /// When the last of them came, in UNIX seconds; `nil` for never.
        var last: Int?
    }

    private let uses: Mutex<[Use]>

    /// - Parameter secrets: The ids, each once.
    init(_ secrets: [String]) {
        uses = Mutex(secrets.map { Use(secret: $0) })
    }

    /// Other secrets are the hook's from now on. Of those that stay, what is known stays.
    func change(to secrets: [String]) {
        uses.withLock { uses in
            uses = secrets.map { [uses] id in uses.first { $0.secret == id } ?? Use(secret: id) }
        }
    }

    func note(_ secret: String, at now: Int) {
        uses.withLock { uses in
            guard let index = uses.firstIndex(where: { $0.secret == secret }) else { return }
            uses[index].count += 1
            uses[index].last = now
        }
    }

    /// All of them now, in the configuration's order.
    var all: [Use] { uses.withLock { $0 } }
}
