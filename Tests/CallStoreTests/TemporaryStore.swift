// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Synchronization

@testable import CallStore

/// A folder for one test, removed with it, and stores in it.
final class TemporaryStore: Sendable {
    let folder: String
    /// The time that stores of this folder see, in UNIX milliseconds.
    let clock = Mutex(1_700_000_000_000)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { folder + "/calls.db" }

    func open(limits: StoreLimits = StoreLimits(), busySeconds: Double = 5) throws(StoreError) -> SQLiteDeliveries {
        try SQLiteDeliveries(path: path, limits: limits, busySeconds: busySeconds, now: { self.clock.withLock { $0 } })
    }

    /// The database as another program opens it. It waits its turn: a store that was let go may still be closing it.
    func openDatabase(at path: String? = nil) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.allowsUnsafeTransactions = true
        return try DatabaseQueue(path: path ?? self.path, configuration: configuration)
    }

    func pass(_ time: Duration) {
        clock.withLock { $0 += Int(time.components.seconds) * 1000 }
    }
}

extension NewCall {
    /// A call of the function `hello`.
    static func hello(
        _ id: String, payload: String = "{}", idempotent: Bool = false, lane: String? = nil
    ) -> NewCall {
        NewCall(
            id: id, hook: "push",
            target: .function(FunctionTarget(functionName: "hello", invocationType: "RequestResponse")),
            payload: Array(payload.utf8), idempotent: idempotent, lane: lane)
    }
}

extension DeliveryKey {
    /// A key of the hook `push`; `body` stands for the digest of a body.
    static func push(_ id: String, body: UInt8 = 1, rememberSeconds: Int = 3600) -> DeliveryKey {
        DeliveryKey(
            scope: "push", id: id, digest: [UInt8](repeating: body, count: 32), rememberSeconds: rememberSeconds)
    }
}

extension DeliveryStore {
    /// The state of each call, by id.
    func states() async throws -> [String: CallState] {
        let calls = try await calls(in: CallState.allCases, after: 0, limit: 10_000)
        return Dictionary(uniqueKeysWithValues: calls.map { ($0.id, $0.state) })
    }

    func claimIds(upTo count: Int) async throws -> [String] {
        try await claim(.function, upTo: count).map(\.call.id)
    }
}
