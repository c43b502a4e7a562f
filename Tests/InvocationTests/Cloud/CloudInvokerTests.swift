// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Synchronization
import TencentCloud
import Testing

@testable import Invocation

@Suite("Calls to the cloud", .timeLimit(.minutes(5)))
struct CloudInvokerTests {
    @Test("The call is signed so that a verifier finds the caller, and its body is the call's")
    func signed() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer { cloud.stop() }
        let answer = try await CloudCaller(port: cloud.port).invoke([
            ("ClientContext", #"{"a": "\u4e2d"}"#), ("LogType", "Tail"),
        ])
        #expect(try answer.get().envelope == Array(TestCloud.success.utf8))
        #expect(try answer.get().result.retMsg == "hi")

        let call = try #require(cloud.calls.first)
        #expect(cloud.calls.count == 1)
        #expect(call.requestLine == "POST / HTTP/1.1")
        #expect(
            String(decoding: call.body, as: UTF8.self)
                == #"{"FunctionName":"hello","LogType":"Tail","ClientContext":"{\"a\": \"\\u4e2d\"}"}"#)
        let verifier = TC3Verifier { $0 == "AKIDTEST" ? [TestCloud.credential] : [] }
        let caller = try verifier.verify(
            method: "POST", query: "", body: call.body.span, now: TestCloud.now, header: call.field)
        #expect(caller.payloadIsSigned)
        #expect(call.field("Authorization")?.contains("SignedHeaders=content-type;host;x-tc-action,") == true)
        let expected = [
            "Content-Type": "application/json", "Host": "127.0.0.1:\(cloud.port)", "X-TC-Action": "Invoke",
            "X-TC-Version": "2018-04-16", "X-TC-Timestamp": "1700000000", "X-TC-Region": "ap-guangzhou",
        ]
        for (name, value) in expected { #expect(call.field(name) == value) }
        #expect(call.field("X-TC-Token") == nil)
        #expect(call.field("Expect") == nil)
    }

    @Test("A call takes its trace along, in fields that are not signed")
    func trace() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer { cloud.stop() }
        let trace = TraceContext(
            traceparent: ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], tracestate: ["a=1", "b=2"],
            requestId: "11112222-3333-4444-8555-666677778888")
        let caller = try CloudCaller(port: cloud.port)
        _ = try await caller.invoke(for: CallContext(requestId: "id", trace: trace)).get()
        _ = try await caller.invoke(for: CallContext(requestId: "11112222-3333-4444-8555-666677778888")).get()
        #expect(
            cloud.calls.map { $0.field("traceparent") } == [
                "00-0af7651916cd43dd8448eb211c80319c-8555666677778888-01",
                "00-11112222333344448555666677778888-8555666677778888-00",
            ])
        #expect(cloud.calls.map { $0.field("tracestate") } == ["a=1,b=2", nil])
        #expect(cloud.calls.allSatisfy { $0.field("Authorization")?.contains("trace") == false })
    }

    @Test("A call goes out as the action that its function has, and is signed for that")
    func actions() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer { cloud.stop() }
        let caller = try CloudCaller(
            port: cloud.port,
            actions: ActionChoice(.invokeFunction, exceptions: [.init(name: "slow"): .invoke]))
        _ = try await caller.invoke([("ClientContext", "{}")]).get()
        _ = try await caller.invoke([("ClientContext", "{}"), ("FunctionName", "slow")]).get()
        _ = try await caller.invoke([("ClientContext", "{}"), ("InvocationType", "Event")]).get()
        #expect(cloud.calls.map { $0.field("X-TC-Action") } == ["InvokeFunction", "Invoke", "Invoke"])
        #expect(
            cloud.calls.map { String(decoding: $0.body, as: UTF8.self) } == [
                #"{"FunctionName":"hello","Qualifier":"$LATEST","Event":"{}"}"#,
                #"{"FunctionName":"slow","ClientContext":"{}"}"#,
                #"{"FunctionName":"hello","InvocationType":"Event","ClientContext":"{}"}"#,
            ])
        let verifier = TC3Verifier { $0 == "AKIDTEST" ? [TestCloud.credential] : [] }
        for call in cloud.calls {
            _ = try verifier.verify(
                method: "POST", query: "", body: call.body.span, now: TestCloud.now, header: call.field)
            #expect(throws: CloudError.self) {
                try verifier.verify(
                    method: "POST", query: "", body: call.body.span, now: TestCloud.now,
                    header: { $0 == "x-tc-action" ? "Other" : call.field($0) })
            }
        }
    }

    @Test("Whoever waits between tries is told what the call goes out as")
    func pausesOfActions() async throws {
        let cloud = try TestCloud { _, number in
            .answer(number == 1 ? TestCloud.failure("RequestLimitExceeded") : TestCloud.success)
        }
        defer { cloud.stop() }
        let paced = Mutex<[InvokeAction]>([])
        let caller = try CloudCaller(
            port: cloud.port, actions: ActionChoice(.invokeFunction),
            pause: { (_, action) throws(CloudError) in paced.withLock { $0.append(action) } })
        _ = try await caller.invoke().get()
        #expect(paced.withLock { $0 } == [.invokeFunction])
        #expect(cloud.calls.count == 2)
    }

    @Test("A megabyte of event arrives byte for byte")
    func large() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer { cloud.stop() }
        let text = "\"" + String(repeating: "0123456789abcdef", count: 65_535) + "\""
        _ = try await CloudCaller(port: cloud.port).invoke([("ClientContext", text)]).get()
        let body = try #require(cloud.calls.first?.body)
        let inner = text.dropFirst().dropLast()
        let isSame = body == Array((#"{"FunctionName":"hello","ClientContext":"\""# + inner + #"\""}"#).utf8)
        #expect(isSame)
    }

    @Test("The region is the call's, else the configured one; a token travels along")
    func regionAndToken() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.success) }
        defer { cloud.stop() }
        let credential = Credential(secretId: "AKIDTEST", secretKey: Secret("k"), token: Secret("a-token"))
        let caller = try CloudCaller(port: cloud.port, credential: credential)
        _ = try await caller.invoke([("Region", "ap-shanghai")]).get()
        _ = try await caller.invoke().get()
        #expect(cloud.calls.map { $0.field("X-TC-Region") } == ["ap-shanghai", "ap-guangzhou"])
        #expect(cloud.calls.map { $0.field("X-TC-Token") } == ["a-token", "a-token"])
    }

    @Test(
        "That the cloud refuses the relay's own credentials is for operators",
        arguments: [
            "AuthFailure.SignatureFailure", "AuthFailure.SecretIdNotFound", "AuthFailure.TokenFailure", "AuthFailure",
            "UnauthorizedOperation", "UnauthorizedOperation.CAM",
        ])
    func ownCredentials(code: String) async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.failure(code, "uin 100 may not")) }
        defer { cloud.stop() }
        let error = try await TestCloud.error(try CloudCaller(port: cloud.port).invoke())
        #expect(error.code.rawValue == code)
        #expect(error.httpStatus == 502)
        #expect(!error.message.contains("uin"))
        #expect(error.operatorDetail == "uin 100 may not")
        #expect(error.upstreamRequestId == "e")
        #expect(cloud.calls.count == 1)
    }

    @Test("A caller who leaves breaks the call off, and it is not sent again")
    func cancellation() async throws {
        let cloud = try TestCloud { _, _ in .silence }
        defer { cloud.stop() }
        let caller = try CloudCaller(port: cloud.port)
        let task = Task { try await caller.invoke() }
        let end = Monotonic.now + .seconds(60)
        while cloud.calls.isEmpty, Monotonic.now < end { await Task.yield() }
        task.cancel()
        let error = try await TestCloud.error(task.value)
        #expect(error.code == "ClientError.Cancelled")
        #expect(error.httpStatus == 499)
        #expect(cloud.calls.count == 1)
        #expect(caller.waits.isEmpty)
    }

    @Test("A caller who leaves during a pause ends the tries")
    func cancelledPause() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.failure("RequestLimitExceeded")) }
        defer { cloud.stop() }
        let caller = try CloudCaller(
            port: cloud.port,
            pause: { (_, _) throws(CloudError) in
                withUnsafeCurrentTask { $0?.cancel() }
                try await CloudInvoker.sleep(.seconds(1000), .invoke)
            })
        let task = Task { try await caller.invoke() }
        #expect(try await TestCloud.error(task.value).code == "ClientError.Cancelled")
        #expect(cloud.calls.count == 1)
    }

    @Test("Where there is no turn for a further try, the caller is told so")
    func refusedPause() async throws {
        let cloud = try TestCloud { _, _ in .answer(TestCloud.failure("RequestLimitExceeded")) }
        defer { cloud.stop() }
        let refusal = CloudError("RequestLimitExceeded", "full here, too", retryAfterSeconds: 9)
        let caller = try CloudCaller(port: cloud.port, pause: { (_, _) throws(CloudError) in throw refusal })
        #expect(try await TestCloud.error(caller.invoke()) == refusal)
        #expect(cloud.calls.count == 1)
    }
}
