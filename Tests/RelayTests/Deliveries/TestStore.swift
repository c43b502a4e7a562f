// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

@testable import CallStore

/// A real store in a folder of its own, which goes with it. Its time is the test's.
final class TestStore: Sendable {
    let store: SQLiteDeliveries
    private let folder: String

    init(limits: StoreLimits = StoreLimits(), now: @escaping @Sendable () -> Int = { 1_700_000_000_000 }) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "deliveries-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteDeliveries(path: folder + "/calls.db", limits: limits, now: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func states() async throws -> [String: CallState] {
        let calls = try await store.calls(in: CallState.allCases, after: 0, limit: 10_000)
        return Dictionary(uniqueKeysWithValues: calls.map { ($0.id, $0.state) })
    }
}

extension NewCall {
    static func hello(
        _ id: String, idempotent: Bool = false, lane: String? = nil, callback: String? = nil,
        target: CallTarget = .function(FunctionTarget(functionName: "hello", invocationType: "RequestResponse"))
    ) -> NewCall {
        NewCall(
            id: id, hook: "push", target: target, payload: Array(#"{"n":1}"#.utf8), idempotent: idempotent, lane: lane,
            callback: callback)
    }
}
