// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Invocation
import TencentCloud
import Testing

@testable import Relay

@Suite("The policy")
struct PolicedInvokerTests {
    static let functions = FunctionList([
        .init(name: "hello"), .init(name: "job", namespace: "batch"), .init(name: "hello", namespace: "test"),
    ])

    static let rows: [(namespace: String?, name: String, isAllowed: Bool)] = [
        (nil, "hello", true), ("default", "hello", true), ("test", "hello", true), ("batch", "job", true),
        (nil, "job", false), ("batch", "hello", false), (nil, "Hello", false), (nil, "hell", false),
        ("Default", "hello", false), (nil, "hello2", false),
    ]

    @Test("Only what is on the list may be called, in its namespace", arguments: rows)
    func list(namespace: String?, name: String, isAllowed: Bool) throws {
        let request = try Self.request(name, namespace: namespace)
        if isAllowed { return try Self.functions.check(request) }
        let error = #expect(throws: CloudError.self) { try Self.functions.check(request) }
        let refusal = try #require(error)
        #expect(refusal.code == "UnauthorizedOperation.CAM")
        #expect(refusal.httpStatus == 403)
        #expect(refusal.message.contains("\(namespace ?? "default")/\(name)"))
    }

    @Test("A function that is not listed takes neither a place nor a turn")
    func listFirst() async throws {
        let calls = PacedCalls(perSecond: 1, longestWait: .zero)
        let cloud = FakeInvoker()
        let policed = PolicedInvoker(
            functions: Self.functions, gate: InFlightGate(limit: 0), pacer: calls.pacer, invoker: cloud)
        let error = await Self.error(policed, try Self.request("secret"))
        #expect(error?.code == "UnauthorizedOperation.CAM")
        await calls.arrive()
        #expect(calls.outcomes == [.started(.zero)])
        #expect(cloud.calls.isEmpty)
    }

    @Test("A call for which there is no place takes no turn")
    func gateBeforePace() async throws {
        let calls = PacedCalls(perSecond: 1, longestWait: .zero)
        let cloud = FakeInvoker()
        let policed = PolicedInvoker(
            functions: Self.functions, gate: InFlightGate(limit: 0), pacer: calls.pacer, invoker: cloud)
        let error = await Self.error(policed, try Self.request("hello"))
        #expect(error?.code == "RequestLimitExceeded.InFlight")
        await calls.arrive()
        #expect(calls.outcomes == [.started(.zero)])
        #expect(cloud.calls.isEmpty)
    }

    @Test("A call that waits for its turn has its place; one over the rate gives it back")
    func waitingCounts() async throws {
        let calls = PacedCalls(perSecond: 1, longestWait: .seconds(1))
        let gate = InFlightGate(limit: 10)
        let cloud = FakeInvoker()
        let policed = PolicedInvoker(functions: Self.functions, gate: gate, pacer: calls.pacer, invoker: cloud)
        let request = try Self.request("hello")
        #expect(await Self.error(policed, request) == nil)
        let waiting = Task { await Self.error(policed, request) }
        await eventually("the second call waits") { calls.pacer.waitingCalls == 1 && calls.clock.hasSleeper }
        #expect(gate.inFlight == 1)
        let refusal = await Self.error(policed, request)
        #expect(refusal?.code == "RequestLimitExceeded")
        #expect(refusal?.httpStatus == 429)
        #expect(gate.inFlight == 1)
        calls.clock.move(to: calls.clock.now + .seconds(1))
        #expect(await waiting.value == nil)
        #expect(gate.inFlight == 0)
        #expect(cloud.calls.count == 2)
    }

    @Test("The rate holds for Invoke alone; an Event call is one, whatever the function's action")
    func unpaced() async throws {
        let calls = PacedCalls(perSecond: 1, longestWait: .zero)
        let cloud = FakeInvoker()
        let policed = PolicedInvoker(
            functions: Self.functions, gate: InFlightGate(limit: 1), pacer: calls.pacer,
            actions: ActionChoice(.invokeFunction, exceptions: [.init(name: "job", namespace: "batch"): .invoke]),
            invoker: cloud)
        let fast = try Self.request("hello")
        for _ in 0..<5 { #expect(await Self.error(policed, fast) == nil) }
        #expect(await Self.error(policed, try Self.request("job", namespace: "batch")) == nil)
        let event = try InvokeRequest(
            parameters: [(name: "FunctionName", value: "hello"), ("InvocationType", "Event")], limits: Limits())
        for paced in [event, try Self.request("job", namespace: "batch")] {
            #expect(await Self.error(policed, paced)?.code == "RequestLimitExceeded")
        }
        #expect(await Self.error(policed, fast) == nil)
        #expect(cloud.calls.count == 7)
    }

    @Test("Request, id, answer and error pass through unchanged")
    func passing() async throws {
        let expected = CloudError("ResourceNotFound.FunctionName", "gone", upstreamRequestId: "r")
        let cloud = FakeInvoker(expected)
        let policed = PolicedInvoker(
            functions: Self.functions, gate: InFlightGate(limit: 1), pacer: Pacer(perSecond: 0, longestWait: .zero),
            invoker: cloud)
        #expect(await Self.error(policed, try Self.request("job", namespace: "batch")) == expected)
        #expect(cloud.calls.map(\.requestId) == ["id"])
        #expect(cloud.calls.map(\.request.functionName) == ["job"])
    }

    static func request(_ name: String, namespace: String? = nil) throws -> InvokeRequest {
        var parameters = [(name: "FunctionName", value: name)]
        if let namespace { parameters.append(("Namespace", namespace)) }
        return try InvokeRequest(parameters: parameters, limits: Limits())
    }

    private static func error(_ invoker: any Invoker, _ request: InvokeRequest) async -> CloudError? {
        await InFlightGateTests.error { () async throws(CloudError) in
            try await invoker.invoke(request, requestId: "id")
        }
    }
}
