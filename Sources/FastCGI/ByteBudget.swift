// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bound on the bytes that all requests of a server hold together. Bytes are counted as they arrive, not as they are
/// announced, so a peer that announces much and sends little takes nothing from the others.
final class ByteBudget: Sendable {
    let limit: Int
    private let used = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes held now.
    var bytesHeld: Int { used.load(ordering: .relaxed) }

    /// Takes `count` bytes, or none of them where they would pass the limit.
    func take(_ count: Int) -> Bool {
        let (_, sum) = used.add(count, ordering: .relaxed)
        guard sum > limit else { return true }
        used.subtract(count, ordering: .relaxed)
        return false
    }

    func giveBack(_ count: Int) {
        used.subtract(count, ordering: .relaxed)
    }
}
