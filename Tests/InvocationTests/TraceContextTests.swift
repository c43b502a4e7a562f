// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Invocation

/// <https://www.w3.org/TR/trace-context/>, taken at its word.
@Suite("Trace contexts")
struct TraceContextTests {
    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let parent = "b7ad6b7169203331"
    static let requestId = "11112222-3333-4444-8555-666677778888"

    static func context(_ traceparent: String..., state: [String] = []) -> TraceContext {
        TraceContext(traceparent: traceparent, tracestate: state, requestId: requestId)
    }

    static let followed: [(traceparent: String, flags: UInt8)] = [
        ("00-\(trace)-\(parent)-01", 1), ("00-\(trace)-\(parent)-00", 0), ("00-\(trace)-\(parent)-03", 3),
        // What is not defined is not passed on.
        ("00-\(trace)-\(parent)-ff", 3), ("00-\(trace)-\(parent)-fc", 0),
        // A later version, as it is and with more behind it.
        ("01-\(trace)-\(parent)-01", 1), ("cc-\(trace)-\(parent)-01-what-comes-later", 1),
        ("fe-\(trace)-\(parent)-01-", 1),
    ]

    @Test("A trace goes on with an id of the relay's own as parent", arguments: followed)
    func goesOn(traceparent: String, flags: UInt8) {
        let context = Self.context(traceparent)
        #expect(context.traceId == Self.trace)
        #expect(context.spanId == "8555666677778888")
        #expect(context.traceparent == "00-\(Self.trace)-8555666677778888-0\(flags)")
    }

    static let refused = [
        "", "00", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-", "00-\(trace)-\(parent)-0",
        "00-\(trace)-\(parent)-01-", "00-\(trace)-\(parent)-01-more", "00-\(trace)-\(parent)-011",
        "01-\(trace)-\(parent)-01x", "ff-\(trace)-\(parent)-01", "0-\(trace)-\(parent)-01", "000-\(trace)-\(parent)-01",
        "00-\(trace.uppercased())-\(parent)-01", "00-\(trace)-\(parent.uppercased())-01", "0A-\(trace)-\(parent)-01",
        "00-\(trace)-\(parent)-0X", "00-\(String(repeating: "0", count: 32))-\(parent)-01",
        "00-\(trace)-\(String(repeating: "0", count: 16))-01", "00_\(trace)_\(parent)_01",
        " 00-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-01 ", "00-\(trace)-\(parent)-01,00-\(trace)-\(parent)-01",
        "00-\(trace.dropLast())-\(parent)a-01", "00-\(trace.dropLast())ä-\(parent.dropLast())-01", "null",
    ]

    @Test("What breaks a rule begins a trace that nobody records, and its state goes with it", arguments: refused)
    func beginsAnew(traceparent: String) {
        let context = Self.context(traceparent, state: ["a=1"])
        #expect(context == TraceContext(requestId: Self.requestId))
        #expect(context.traceparent == "00-11112222333344448555666677778888-8555666677778888-00")
        #expect(context.headerFields.map(\.name) == ["traceparent"])
    }

    @Test("Two fields are no field")
    func twice() {
        let field = "00-\(Self.trace)-\(Self.parent)-01"
        #expect(Self.context(field, field).traceId != Self.trace)
    }

    @Test(
        "A request id that no trace can have gets a random trace",
        arguments: ["id", "", String(repeating: "0", count: 32)])
    func otherRequestIds(id: String) {
        let (one, other) = (TraceContext(requestId: id), TraceContext(requestId: id))
        #expect(one.traceId != other.traceId)
        for context in [one, other] {
            // It is one that others take.
            #expect(Self.context(context.traceparent).traceId == context.traceId)
        }
    }

    @Test("A request id whose second half is zero has another span")
    func zeroSpan() {
        let context = TraceContext(requestId: "11112222-3333-4444-0000-000000000000")
        #expect(context.spanId == "1111222233334444")
    }

    static let states: [(fields: [String], passedOn: String)] = [
        ([], ""), ([""], ""), (["rojo=00f067aa0ba902b7"], "rojo=00f067aa0ba902b7"),
        (["rojo=1,congo=t61rcWkgMzE"], "rojo=1,congo=t61rcWkgMzE"), (["a=1", "b=2"], "a=1,b=2"),
        ([" a=1 ,\t,, b=2\t"], "a=1,b=2"), (["fw529a3039@dt=FfWxx!:;-~ x"], "fw529a3039@dt=FfWxx!:;-~ x"),
        (["1tenant@sys=1"], "1tenant@sys=1"), (["a*/_-9=x"], "a*/_-9=x"),
        (["a"], ""), (["=1"], ""), (["a="], ""), (["A=1"], ""), (["1a=1"], ""), (["a=1=2"], ""), (["a b=1"], ""),
        (["a=\u{7F}"], ""), (["a=ä"], ""), (["a=1\n"], ""), (["a@b@c=1"], ""), (["@b=1"], ""), (["a@=1"], ""),
        (["a@abcdefghijklmno=1"], ""), (["a=1,a=2"], ""), (["a=1,B=2"], ""),
        (["a=" + String(repeating: "x", count: 257)], ""),
        ([String(repeating: "k", count: 257) + "=1"], ""),
        ([(0..<33).map { "k\($0)=1" }.joined(separator: ",")], ""),
    ]

    @Test("The state is passed on as it is, or not at all", arguments: states)
    func state(fields: [String], passedOn: String) {
        #expect(Self.context("00-\(Self.trace)-\(Self.parent)-01", state: fields).state == passedOn)
    }

    @Test("Of a state that is too long, long members go first, and then the last")
    func longState() {
        let long = "long=" + String(repeating: "x", count: 200)
        let short = (0..<20).map { "k\($0)=" + String(repeating: "y", count: 40) }
        let state = Self.context(
            "00-\(Self.trace)-\(Self.parent)-01", state: [([long] + short).joined(separator: ",")]
        ).state
        #expect(state.utf8.count <= 512)
        #expect(state == short.prefix(11).joined(separator: ","))
        let fits = [long, "a=1", "b=2"].joined(separator: ",")
        #expect(Self.context("00-\(Self.trace)-\(Self.parent)-01", state: [fits]).state == fits)
    }
}
