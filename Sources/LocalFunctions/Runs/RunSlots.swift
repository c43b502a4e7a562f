// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// Bounds how many processes run at once; who comes later waits in line.
actor RunSlots {
    private var free: Int
    private var line: [(ticket: Int, turn: CheckedContinuation<Bool, Never>)] = []
    private var nextTicket = 0

    init(count: Int) {
        precondition(count > 0, "without a slot nothing would ever run")
        free = count
    }

    /// Waits for a turn. Every turn that was had is to be given back with ``give()``.
    func take() async throws(CancellationError) {
        guard !Task.isCancelled else { throw CancellationError() }
        if free > 0 {
            free -= 1
            return
        }
        let ticket = nextTicket
        nextTicket += 1
        let hasTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { line.append((ticket, $0)) }
        } onCancel: {
            Task { await self.leave(ticket) }
        }
        guard hasTurn else { throw CancellationError() }
    }

    /// Gives a turn back: the first in line has it next.
    func give() {
        if line.isEmpty {
            free += 1
        } else {
            line.removeFirst().turn.resume(returning: true)
        }
    }

    /// Waits for a turn, and has it while `body` runs.
    ///
    /// - Throws: `InternalError.System` where the task is cancelled before its turn; and what `body` throws.
    nonisolated func hold<Value: Sendable>(
        _ body: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        do {
            try await take()
        } catch {
            throw CloudError("InternalError.System", "the call was given up before the function was started")
        }
        let result: Result<Value, CloudError>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        await give()
        return try result.get()
    }

    private func leave(_ ticket: Int) {
        guard let place = line.firstIndex(where: { $0.ticket == ticket }) else { return }
        line.remove(at: place).turn.resume(returning: false)
    }
}
