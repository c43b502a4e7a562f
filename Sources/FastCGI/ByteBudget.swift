// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bound on the bytes that all requests of a server hold together. Bytes are counted before memory is taken for them: as
/// they arrive, and a body as a whole once a sixteenth of it has arrived. A peer that announces much and sends little takes
/// nothing from the others.
final class ByteBudget: Sendable {
    private let bound: Atomic<Int>
    private let used = Atomic(0)

    init(limit: Int) {
        bound = Atomic(limit)
    }

    /// Bytes that may be held. Where it becomes less, what is held already stays.
    var limit: Int {
        get { bound.load(ordering: .relaxed) }
        set { bound.store(newValue, ordering: .relaxed) }
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
