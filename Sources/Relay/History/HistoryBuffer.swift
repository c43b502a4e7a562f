// SPDX-License-Identifier: Apache-2.0

import CallStore

/// What waits to be written into the history: bounded, and what does not fit is counted.
struct HistoryBuffer {
    /// How much may wait.
    struct Bounds: Sendable {
        /// Calls.
        var calls = 20_000
        /// Bytes of payloads.
        var bytes = 32 << 20
    }

    /// What is written at once.
    struct Batch {
        var calls: [HistoryDetail]
        var gap: HistoryGap?
    }

    let bounds: Bounds
    /// What is said of calls that are dropped.
    var reasonForDropping = "More calls came than the history could take in."
    /// Who waits until everything is written.
    var waiters: [CheckedContinuation<Void, Never>] = []
    private(set) var dropped: (calls: Int, since: Int, until: Int)?
    private var calls: [HistoryDetail] = []
    private var bytes = 0
    private var isBeingWritten = false

    init(bounds: Bounds) {
        self.bounds = bounds
    }

    /// Calls that wait.
    var count: Int { calls.count }

    /// Whether there is nothing to be written.
    var isIdle: Bool { calls.isEmpty && !isBeingWritten }

    /// Takes a call, or counts it as dropped.
    ///
    /// - Returns: Whether the writer has to be told.
    mutating func add(_ detail: HistoryDetail, at now: Int) -> Bool {
        let size = detail.payload?.byteCount ?? 0
        guard calls.count < bounds.calls, bytes + size <= bounds.bytes else {
            // A call that began is not one more: it ends too.
            if detail.call.outcome != .running {
                dropped = ((dropped?.calls ?? 0) + 1, dropped?.since ?? now, now)
            }
            return false
        }
        calls.append(detail)
        bytes += size
        return calls.count == 1 && !isBeingWritten
    }

    /// Hands out what came first.
    mutating func take(_ most: Int) -> Batch? {
        isBeingWritten = !calls.isEmpty
        guard isBeingWritten else { return nil }
        let taken = Array(calls.prefix(most))
        calls.removeFirst(taken.count)
        bytes -= taken.reduce(0) { $0 + ($1.payload?.byteCount ?? 0) }
        let gap = dropped.map {
            HistoryGap(since: $0.since, until: $0.until, calls: $0.calls, reason: reasonForDropping)
        }
        dropped = nil
        return Batch(calls: taken, gap: gap)
    }

    /// Takes back what could not be written, and with it those who wait: they need not any longer.
    mutating func putBack(_ batch: Batch) -> [CheckedContinuation<Void, Never>] {
        isBeingWritten = false
        calls = batch.calls + calls
        bytes += batch.calls.reduce(0) { $0 + ($1.payload?.byteCount ?? 0) }
        if let gap = batch.gap {
            dropped = ((dropped?.calls ?? 0) + (gap.calls ?? 0), gap.since, dropped?.until ?? gap.until)
        }
        return takeWaiters()
    }

    mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
        defer { waiters = [] }
        return waiters
    }
}
