// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the calls that were refused for their rate. (Those for which there was no room, the gate and the server count.)
final class ShedCalls: Sendable {
    private let overRate = Atomic(0)
    private let overOwnRate = Atomic(0)

    /// Calls over the rate of all.
    var countOverRate: Int { overRate.load(ordering: .relaxed) }
    /// Calls over the rate of their caller.
    var countOverOwnRate: Int { overOwnRate.load(ordering: .relaxed) }

    func noteOverRate() { overRate.add(1, ordering: .relaxed) }
    func noteOverOwnRate() { overOwnRate.add(1, ordering: .relaxed) }
}
