// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TencentCloud
import Testing

@testable import Relay

@Suite("Calls in flight", .timeLimit(.minutes(5)))
struct InFlightGateTests {
    @Test("Only so many pass at once; the others are told to come back")
    func limit() async throws {
        let gate = InFlightGate(limit: 2)
        let outcome: Result<CloudError?, CloudError> = await Self.result { () async throws(CloudError) in
            try await gate.pass { () async throws(CloudError) in
                try await gate.pass { () async throws(CloudError) in
                    #expect(gate.inFlight == 2)
                    #expect(gate.isFull)
                    return await Self.error { () async throws(CloudError) in try await gate.pass { 1 } }
                }
            }
        }
        let refusal = try #require(try outcome.get())
        #expect(refusal.code == "RequestLimitExceeded.InFlight")
        #expect(refusal.httpStatus == 503)
        #expect(refusal.retryAfterSeconds == 1)
        #expect(gate.inFlight == 0)
        #expect(!gate.isFull)
    }

    @Test("A call that fails leaves the gate, too")
    func failure() async {
        let gate = InFlightGate(limit: 1)
        for _ in 0..<3 {
            let error = await Self.error { () async throws(CloudError) in
                try await gate.pass { () async throws(CloudError) -> Int in throw CloudError("InternalError", "") }
            }
            #expect(error?.code == "InternalError")
            #expect(gate.inFlight == 0)
        }
    }

    @Test("Under a storm never more than the limit are inside, and all come out")
    func storm() async {
        let gate = InFlightGate(limit: 5)
        let counts = Counts()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2000 {
                group.addTask {
                    let error = await Self.error { () async throws(CloudError) in
                        try await gate.pass { () async in
                            counts.enter()
                            await Task.yield()
                            counts.leave()
                        }
                    }
                    if error != nil { counts.refuse() }
                }
            }
        }
        let result = counts.values
        #expect(result.most <= 5)
        #expect(result.passed >= 5)
        #expect(result.passed + result.refused == 2000)
        #expect(gate.inFlight == 0)
    }

    private final class Counts: Sendable {
        private let state = Mutex((inside: 0, most: 0, passed: 0, refused: 0))

        var values: (inside: Int, most: Int, passed: Int, refused: Int) { state.withLock { $0 } }

        func enter() {
            state.withLock { counts in
                counts.inside += 1
                counts.most = max(counts.most, counts.inside)
            }
        }

        func leave() {
            state.withLock { counts in
                counts.inside -= 1
                counts.passed += 1
            }
        }

        func refuse() { state.withLock { $0.refused += 1 } }
    }

    static func error<Value>(_ body: () async throws(CloudError) -> Value) async -> CloudError? {
        guard case .failure(let error) = await result(body) else { return nil }
        return error
    }

    static func result<Value>(_ body: () async throws(CloudError) -> Value) async -> Result<Value, CloudError> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
}
