// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Synchronization

@testable import CallStore
@testable import Relay

/// A real history in a folder of its own, which goes with it, and its writer.
final class TestHistory: Sendable {
    let store: SQLiteHistory
    let history: CallHistory
    private let folder: String
    private let writing: Task<Void, Never>

    init(payloads: Bool = true, memory: any FunctionMemory = UnknownMemory()) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = SQLiteHistory(path: folder + "/history.db")
        try store.open()
        var surroundings = CallHistory.Surroundings()
        surroundings.gathering = .zero
        let history = CallHistory(
            store: store, keepsPayloads: payloads, memory: memory, logger: Logger(label: "test"),
            surroundings: surroundings)
        self.history = history
        writing = Task { await history.run() }
    }

    deinit {
        history.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The only call that was made.
    func only() async throws -> HistoryDetail? {
        await history.flushed()
        let calls = try await store.calls(HistoryFilter(), after: nil, limit: 10).calls
        guard calls.count == 1 else { return nil }
        return try await store.call(calls[0].id)
    }
}

/// A store that fails, or waits, as a test says.
final class TroubledStore: HistoryStore {
    enum Behaviour: Sendable { case works, fails, waits }

    private struct State {
        var behaviour = Behaviour.works
        var waiting: [CheckedContinuation<Void, Never>] = []
        var added: [HistoryDetail] = []
        var gaps: [HistoryGap] = []
    }

    private let state = Mutex(State())

    var added: [HistoryDetail] { state.withLock { $0.added } }
    var missing: [HistoryGap] { state.withLock { $0.gaps } }
    var isWaiting: Bool { state.withLock { !$0.waiting.isEmpty } }

    func behave(_ behaviour: Behaviour) {
        let waiting = state.withLock { state in
            state.behaviour = behaviour
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func add(_ calls: [HistoryDetail], missing gap: HistoryGap?) async throws(StoreError) {
        await withCheckedContinuation { continuation in
            let waits = state.withLock { state in
                if state.behaviour == .waits { state.waiting.append(continuation) }
                return state.behaviour == .waits
            }
            if !waits { continuation.resume() }
        }
        guard state.withLock({ $0.behaviour }) != .fails else { throw .unavailable("the disk is full") }
        state.withLock { state in
            state.added += calls
            if let gap { state.gaps.append(gap) }
        }
    }

    func hold(to limits: HistoryLimits) {}
    func expire() async throws(StoreError) {}
    func close() async throws(StoreError) {}
    func call(_ id: String) async throws(StoreError) -> HistoryDetail? { nil }
    func gaps() async throws(StoreError) -> [HistoryGap] { missing }
    func names() async throws(StoreError) -> HistoryNames { HistoryNames() }

    func calls(_ filter: HistoryFilter, after place: HistoryPlace?, limit: Int) async throws(StoreError) -> HistoryPage
    {
        throw .unavailable("the disk is full")
    }

    func statistics(_ filter: HistoryFilter, in window: HistoryWindow) async throws(StoreError) -> HistoryStatistics {
        throw .unavailable("the disk is full")
    }
}
