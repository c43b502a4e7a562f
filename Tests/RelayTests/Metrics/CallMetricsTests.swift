// SPDX-License-Identifier: Apache-2.0

import EventLoop
import FastCGI
import Invocation
import Synchronization
import TencentCloud
import Testing

@testable import Relay

@Suite("Counting calls")
struct CallMetricsTests {
    let metrics = CallMetrics(loops: 2)

    init() {
        metrics.adopt(
            callers: ["ci", "push"],
            functions: [.init(name: "hello", memory: 512), .init(name: "job", namespace: "batch")])
    }

    private func lines(of name: String) async -> [String] {
        var text = MetricsText(.prometheus)
        await metrics.write(to: &text)
        return String(decoding: text.finished(), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(name + "{") || $0.hasPrefix(name + " ") }
    }

    @Test("Calls are counted by door, function and code, with their bytes and what they cost")
    func calls() async {
        let relay = TestRelay(observer: metrics)
        let bodies = [
            #"{"FunctionName":"hello"}"#, #"{"FunctionName":"hello"}"#, #"{"FunctionName":"job","Namespace":"batch"}"#,
            #"{"FunctionName":"hello","ClientContext":"{"}"#, "{", #"{"FunctionName":"unknown"}"#,
        ]
        var sent = 0
        for body in bodies { sent += await relay.sendJSON(body).body.count }
        _ = await relay.send("GET", "/nowhere")
        #expect(
            await lines(of: "scf_relay_calls_total") == [
                #"scf_relay_calls_total{door="invoke",caller="other",function="batch/job",code="OK"} 1"#,
                #"scf_relay_calls_total{door="invoke",caller="other",function="default/hello",code="OK"} 2"#,
                #"scf_relay_calls_total{door="invoke",caller="other",function="other",code="InvalidParameter"} 1"#,
                #"scf_relay_calls_total{door="invoke",caller="other",function="other",code="InvalidParameterValue.Param"} 1"#,
                #"scf_relay_calls_total{door="invoke",caller="other",function="other",code="OK"} 1"#,
                #"scf_relay_calls_total{door="none",caller="other",function="other",code="ResourceNotFound"} 1"#,
            ])
        let received = bodies.reduce(0) { $0 + $1.utf8.count }
        #expect(
            await lines(of: "scf_relay_received_bytes_total").contains(
                #"scf_relay_received_bytes_total{door="invoke"} \#(received)"#))
        #expect(
            await lines(of: "scf_relay_sent_bytes_total").contains(
                #"scf_relay_sent_bytes_total{door="invoke"} \#(sent)"#))
        #expect(
            await lines(of: "scf_relay_call_duration_seconds_count").contains(
                #"scf_relay_call_duration_seconds_count{door="invoke"} 6"#))
        // 100 ms each.
        #expect(
            await lines(of: "scf_relay_billed_seconds_total") == [
                #"scf_relay_billed_seconds_total{function="batch/job"} 0.1"#,
                #"scf_relay_billed_seconds_total{function="default/hello"} 0.2"#,
                #"scf_relay_billed_seconds_total{function="other"} 0.1"#,
            ])
        // Where the configuration tells the memory.
        #expect(
            await lines(of: "scf_relay_billed_gigabyte_seconds_total") == [
                #"scf_relay_billed_gigabyte_seconds_total{function="default/hello"} 0.1"#
            ])
    }

    @Test("A function that failed is no call that went well")
    func functionFailed() async {
        let failed = InvokeAnswer(result: InvokeResult(errMsg: "x", functionRequestId: "f"), requestId: "r")
        _ = await TestRelay(FakeInvoker(failed), observer: metrics).sendJSON(#"{"FunctionName":"hello"}"#)
        #expect(
            await lines(of: "scf_relay_calls_total") == [
                #"scf_relay_calls_total{door="invoke",caller="other",function="default/hello",code="FunctionFailed"} 1"#
            ])
    }

    @Test("Whatever strangers send, the number of series is bounded")
    func bounded() async {
        let metrics = metrics
        let number = Mutex(0)
        let cloud = FakeInvoker { (_) throws(CloudError) in
            let value = number.withLock {
                $0 += 1; return $0
            }
            throw CloudError(ErrorCode(rawValue: "Strange\(value).Code\(value)"), "m")
        }
        let relay = TestRelay(cloud, observer: metrics)
        for index in 0..<300 {
            _ = await relay.send(
                "POST", "/invoke", contentType: "application/json", parameters: [("REMOTE_USER", "user\(index)")],
                body: #"{"FunctionName":"f\#(index)","Namespace":"n\#(index)"}"#.utf8)
            _ = await relay.send("GET", "/path\(index)", parameters: [("REMOTE_USER", "ci")])
        }
        #expect(
            await lines(of: "scf_relay_calls_total") == [
                #"scf_relay_calls_total{door="invoke",caller="other",function="other",code="other"} 300"#,
                #"scf_relay_calls_total{door="none",caller="other",function="other",code="ResourceNotFound"} 300"#,
            ])
    }

    @Test("A code that the catalogue does not have counts as its family")
    func family() {
        let labels = CallLabels()
        for (code, label) in [
            ("RequestLimitExceeded.InFlight", "RequestLimitExceeded.InFlight"),
            ("InternalError.Another.New", "InternalError"), ("New", "other"), ("", "other"), (".", "other"),
            ("ResourceUnavailable.StoreFull", "ResourceUnavailable.StoreFull"),
        ] {
            var record = CallRecord(HTTPCall(TestRelay.request("POST", "/invoke")), door: "invoke")
            record.fail(CloudError(ErrorCode(rawValue: code), "m"), status: 500)
            #expect(labels.codes.texts[labels.code(of: record)] == label)
        }
    }

    @Test("Callers are those of the configuration, once they are let in, and hooks")
    func callers() {
        var labels = CallLabels()
        labels.add(callers: ["ci", "push"], functions: [])
        var stranger = CallRecord(
            HTTPCall(TestRelay.request("POST", "/", headers: [:], parameters: [("REMOTE_USER", "ci")])),
            door: "cloud-api")
        #expect(labels.callers.texts[labels.caller(of: stranger)] == "other")
        stranger.hook = "push"
        #expect(labels.callers.texts[labels.caller(of: stranger)] == "push")
    }

    @Test("Another configuration adds names, and what was counted stays")
    func reload() async {
        let relay = TestRelay(observer: metrics)
        _ = await relay.sendJSON(#"{"FunctionName":"hello"}"#)
        metrics.adopt(callers: ["new"], functions: [.init(name: "new"), .init(name: "hello", memory: 1024)])
        _ = await relay.sendJSON(#"{"FunctionName":"new"}"#)
        _ = await relay.sendJSON(#"{"FunctionName":"hello"}"#)
        #expect(
            await lines(of: "scf_relay_calls_total") == [
                #"scf_relay_calls_total{door="invoke",caller="other",function="default/hello",code="OK"} 2"#,
                #"scf_relay_calls_total{door="invoke",caller="other",function="default/new",code="OK"} 1"#,
            ])
    }

    @Test("What loops count at once adds up")
    func atOnce() async throws {
        let loops = try EventLoopGroup(count: 2)
        defer { loops.stop() }
        let metrics = metrics
        await withTaskGroup(of: Void.self) { group in
            for loop in loops.loops {
                group.addTask(executorPreference: loop) {
                    let relay = TestRelay(observer: metrics)
                    for _ in 0..<200 { _ = await relay.sendJSON(#"{"FunctionName":"hello"}"#) }
                }
            }
        }
        #expect(metrics.total.calls.values.reduce(0, +) == 400)
        #expect(metrics.total.doors.map(\.durations.count).reduce(0, +) == 400)
    }
}
