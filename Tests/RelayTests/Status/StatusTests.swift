// SPDX-License-Identifier: Apache-2.0

import EventLoop
import FastCGI
import Invocation
import StrictJSON
import Synchronization
import TencentCloud
import Testing

@testable import Relay

@Suite("The status page", .timeLimit(.minutes(2)))
struct StatusTests {
    /// A relay whose calls stay under way until the test lets them go.
    final class Held: Sendable {
        let metrics = RelayMetrics(loops: 1, now: 1_700_000_000)
        let gate = InFlightGate(limit: 4)
        /// Its clock stands still: one call starts, and no other ever does.
        let pacer = Pacer(
            perSecond: 1, longestWait: .seconds(60), now: { Monotonic(nanoseconds: 1_000_000_000) },
            sleep: { _ in try? await Task.sleep(for: .seconds(60)) })
        let door: StatusDoor
        private let open = AsyncStream.makeStream(of: Void.self)

        init() {
            let metrics = metrics
            door = StatusDoor(
                sources: .init(
                    metrics: metrics,
                    load: LoadMetrics(
                        gate: gate, inFlight: metrics.inFlight, shed: metrics.shed, servers: metrics.servers,
                        calls: metrics.calls),
                    queue: nil, obstacle: { nil }, now: { 1_700_000_090 }))
        }

        func call(_ id: String, caller: String = "ci", door: String = "cloud-api") -> Task<Void, Never> {
            let (gate, pacer, metrics, held) = (gate, pacer, metrics, open.stream)
            return Task {
                let invoker = PolicedInvoker(
                    functions: FunctionList([.init(name: "hello")]), gate: gate, pacer: pacer,
                    inFlight: metrics.inFlight, shed: metrics.shed,
                    invoker: FakeInvoker { (_) throws(CloudError) in
                        for await _ in held {}
                        return FakeInvoker.hello
                    })
                guard let request = try? InvokeRequest(parameters: [("FunctionName", "hello")], limits: Limits()) else {
                    return
                }
                _ = try? await invoker.invoke(
                    request, for: CallContext(requestId: id, door: door, caller: caller))
            }
        }

        func status(_ query: String) async -> String {
            await door.answer(HTTPCall(TestRelay.request("GET", "/status?\(query)"))).text
        }

        func letGo() { open.continuation.finish() }
    }

    @Test("Calls under way are shown with how far they are, the oldest first, and are gone when they end")
    func full() async throws {
        let held = Held()
        let first = held.call("first")
        await eventually("the first is sent") { held.metrics.inFlight.all.map(\.stage) == [.sent] }
        let second = held.call("second", caller: "evil\u{1B}[2J\nname: x")
        await eventually("the second waits") { held.metrics.inFlight.all.map(\.stage) == [.sent, .waiting] }

        let json = await held.status("json&full")
        try JSONValidator.validate(ArraySlice(json.utf8))
        for part in [
            #""State":"ready""#, #""StartTime":1700000000,"StartSince":90"#, #""CallsInFlight":2,"Waiting":1,"Sent":1"#,
            #""MaxCallsInFlight":2,"LimitInFlight":4,"SaturationPercent":50"#,
            #""Calls":[{"RequestId":"first","Door":"cloud-api","Caller":"ci","Function":"default/hello","Stage":"sent""#,
            #"{"RequestId":"second","#,
        ] {
            #expect(json.contains(part), "\(part) in \(json)")
        }
        #expect(!(await held.status("json")).contains("RequestId"))

        let text = await held.status("full")
        for line in [
            "state:                   ready", "start time:              2023-11-14T22:13:20Z",
            "calls in flight:         2",
            "saturation:              50.0 %", "request id:              second", "stage:                   waiting",
        ] {
            #expect(text.contains(line + "\n"), "\(line) in \(text)")
        }
        #expect(!text.contains("\u{1B}") && !text.contains("\nname: x"))
        #expect(!(await held.status("")).contains("request id"))

        second.cancel()
        await second.value
        held.letGo()
        await first.value
        #expect(held.metrics.inFlight.all.isEmpty)
        #expect(await held.status("json").contains(#""CallsInFlight":0,"Waiting":0,"Sent":0,"MaxCallsInFlight":2"#))
    }

    @Test("Calls that are refused are counted by what was exhausted, and one whose caller leaves is not")
    func shed() async throws {
        let held = Held()
        let first = held.call("first")
        await eventually("it is sent") { held.metrics.inFlight.all.map(\.stage) == [.sent] }
        let waiting = (0..<3).map { held.call("\($0)") }
        await eventually("all wait") { held.metrics.inFlight.all.count { $0.stage == .waiting } == 3 }
        await held.call("one too many").value
        #expect(held.gate.refusedCalls == 1 && held.gate.highestInFlight == 4)
        for call in waiting { call.cancel() }
        for call in waiting { await call.value }
        #expect(held.metrics.shed.countOverRate == 0)
        held.letGo()
        await first.value

        let impatient = Pacer(
            perSecond: 1, longestWait: .zero, now: { Monotonic(nanoseconds: 1_000_000_000) })
        for (own, expected) in [(false, (1, 0)), (true, (1, 1))] {
            let invoker = PolicedInvoker(
                functions: FunctionList([.init(name: "hello")]), gate: held.gate,
                pacer: own ? Pacer(perSecond: 0, longestWait: .zero) : impatient, ownPacer: own ? impatient : nil,
                inFlight: held.metrics.inFlight, shed: held.metrics.shed, invoker: FakeInvoker())
            let request = try InvokeRequest(parameters: [("FunctionName", "hello")], limits: Limits())
            for _ in 0..<(own ? 1 : 2) { _ = try? await invoker.invoke(request, requestId: "id") }
            #expect((held.metrics.shed.countOverRate, held.metrics.shed.countOverOwnRate) == expected)
        }
        #expect(await held.status("json").contains(#""Shed":{"rate":1,"caller_rate":1,"in_flight":1"#))
    }
}
