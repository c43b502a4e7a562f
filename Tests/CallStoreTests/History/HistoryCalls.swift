// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import CallStore

extension TemporaryStore {
    var historyPath: String { folder + "/history.db" }

    /// A history whose time is this folder's.
    func history(limits: HistoryLimits = HistoryLimits(), busySeconds: Double = 5) throws -> SQLiteHistory {
        let history = SQLiteHistory(
            path: historyPath, limits: limits, busySeconds: busySeconds, now: { self.clock.withLock { $0 } })
        try history.open()
        return history
    }
}

extension HistoryDetail {
    /// A call of the function `hello` that went well.
    static func hello(
        _ id: String, at time: Int = 1_700_000_000_000, outcome: HistoryOutcome = .ok, function: String = "hello",
        caller: String = "ann", milliseconds: Int = 20, payload: HistoryPayload? = nil
    ) -> HistoryDetail {
        var call = HistoryCall(id: id, door: "invoke", caller: caller, beganAt: time)
        call.functionName = function
        call.namespace = "default"
        call.invocationType = "RequestResponse"
        call.logType = "None"
        call.outcome = outcome
        call.requestId = id
        guard outcome != .running else { return HistoryDetail(call: call, payload: payload) }
        call.status = outcome == .refused ? 403 : 200
        call.code = outcome == .refused ? "UnauthorizedOperation.CAM" : "OK"
        call.microseconds = milliseconds * 1000
        if outcome != .refused {
            call.duration = Double(milliseconds)
            call.billDuration = 100
            call.memUsage = 3 << 20
            call.cloudRequestId = "cloud-\(id)"
            call.functionRequestId = "run-\(id)"
        }
        return HistoryDetail(call: call, payload: payload)
    }
}

extension HistoryStore {
    func add(_ calls: [HistoryDetail]) async throws(StoreError) { try await add(calls, missing: nil) }

    /// The ids of a list, in its order.
    func ids(_ filter: HistoryFilter = HistoryFilter(), limit: Int = 100) async throws(StoreError) -> [String] {
        try await calls(filter, after: nil, limit: limit).calls.map(\.id)
    }
}
