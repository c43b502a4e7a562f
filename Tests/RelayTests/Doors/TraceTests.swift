// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import Invocation
import Testing

@testable import Relay

/// A trace goes from the request into the log, to the cloud, and with an accepted call into the store and out again.
@Suite("Traces through the doors")
struct TraceTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let traceparent = "00-\(trace)-b7ad6b7169203331-01"

    @Test("A call is logged and passed on under the trace that it brings")
    func invoke() async throws {
        let log = try CapturedLog()
        let cloud = FakeInvoker()
        let relay = TestRelay(cloud, observer: log.log)
        let body = #"{"FunctionName":"hello"}"#
        _ = await relay.sendJSON(body, headers: ["Traceparent": Self.traceparent, "Tracestate": "a=1"])
        let id = try #require(await relay.sendJSON(body).requestId)
        _ = await relay.sendJSON(body, headers: ["Traceparent": "00-wrong", "Tracestate": "a=1"])
        let contexts = cloud.contexts
        #expect(contexts[0].trace.traceId == Self.trace && contexts[0].trace.flags == 1)
        #expect(contexts[0].trace.state == "a=1")
        #expect(contexts[1].trace == TraceContext(requestId: id))
        #expect(contexts[2].trace.traceId != Self.trace && contexts[2].trace.state.isEmpty)
        #expect(contexts.map(\.door) == ["invoke", "invoke", "invoke"])
        let lines = log.lines()
        for (context, line) in zip(contexts, lines) {
            #expect(line.contains(#""requestId":"\#(context.requestId)","traceId":"\#(context.trace.traceId)""#))
        }
        #expect(lines.count == 3)
    }

    @Test("An accepted call keeps the trace of the request by which it came")
    func stored() throws {
        let trace = TraceContext(
            traceparent: [Self.traceparent], tracestate: [], requestId: "11112222-3333-4444-8555-666677778888")
        let request = try InvokeRequest(parameters: [("FunctionName", "hello")], limits: Limits())
        let delivery = HookDelivery(
            hook: "push", request: request, deliveryId: nil, body: BodyDigest(of: []), trace: trace)
        let call = NewCall(delivery, id: "99992222-3333-4444-8555-aaaabbbbcccc")
        #expect(call.trace == "00-\(Self.trace)-8555666677778888-01")
        let delivered = TraceContext(of: call)
        #expect(delivered.traceparent == "00-\(Self.trace)-8555aaaabbbbcccc-01")
    }
}
