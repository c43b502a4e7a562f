// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Whether this process should get work.
final class Readiness: Sendable {
    private let gate: InFlightGate
    private let isListening = Atomic(false)
    private let isDraining = Atomic(false)

    init(gate: InFlightGate) {
        self.gate = gate
    }

    /// All sockets take connections.
    func beginServing() {
        isListening.store(true, ordering: .relaxed)
    }

    func beginDraining() {
        isDraining.store(true, ordering: .relaxed)
    }

    /// Why it should not; `nil` where it should.
    var obstacle: String? {
        if isDraining.load(ordering: .relaxed) { return "draining" }
        guard isListening.load(ordering: .relaxed) else { return "starting" }
        return gate.isFull ? "as many calls under way as allowed" : nil
    }
}
