// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import FastCGI
import HTTPTypes
import Invocation
import StrictJSON
import TencentCloud
import WebhookSignatures

@testable import Relay

/// A relay with the hooks of a `relay.yaml`, in this process.
struct TestHooks {
    static let now = 1_700_000_000
    /// The secret of every hook that needs one.
    static let secret = "correct-horse-battery"
    static let environment = ["SECRET": secret, "OLD": "an-older-secret-than-that", "USER": "alerts:\(secret)"]

    let configuration: Configuration
    let cloud: FakeInvoker
    let router: Router
    let doors: [HookDoor]

    /// `hook` has the keys of one hook besides name and function, as a YAML mapping without its braces.
    init(
        _ hook: String, cloud: FakeInvoker = FakeInvoker(), inbox: any HookInbox = WithoutStore(),
        limits: Limits = Limits(), observer: any CallObserver = CapturedLog.discarded
    ) throws {
        configuration = try Self.configuration("{name: h, function: hello, \(hook)}")
        self.cloud = cloud
        doors = HookDoor.doors(
            configuration.hooks, invoker: cloud, inbox: inbox, limits: limits, observer: observer, now: { Self.now })
        let gate = InFlightGate(limit: 1)
        let readiness = Readiness(gate: gate)
        readiness.beginServing()
        router = .relay(
            functions: FunctionDirectory(FunctionList(configuration.functions)), target: TestRelay.target,
            invoker: cloud, limits: limits, readiness: readiness,
            hooks: doors, observer: observer, now: { Self.now })
    }

    /// A configuration with these hooks.
    static func configuration(_ hooks: String...) throws -> Configuration {
        let list = hooks.map { "\n  - \($0)" }.joined()
        // The store is named, not opened.
        return try Configuration(
            yaml: ConfigurationTests.shortest + "\nstore: {path: /nowhere/calls.db}\nhooks:\(list)",
            environment: environment)
    }

    /// Sends a body as the hook's sender would, signed.
    func send(
        _ body: String, _ headers: [String: String] = [:], contentType: String = "application/json", query: String = ""
    ) async throws -> Response {
        try await send(Array(body.utf8), headers, contentType: contentType, query: query)
    }

    func send(
        _ body: [UInt8], _ headers: [String: String] = [:], contentType: String = "application/json", query: String = ""
    ) async throws -> Response {
        let request = try HookTest("h", in: configuration).request(
            body: body, to: "", contentType: contentType, extraFields: headers.map { ($0.key, $0.value) }, now: Self.now
        )
        var fields: [String: String] = [:]
        for field in request.headerFields where field.name != "Content-Type" { fields[field.name] = field.value }
        return await post(body, fields, contentType: contentType, query: query)
    }

    /// Sends a body as anybody could.
    func post(
        _ body: [UInt8], _ headers: [String: String] = [:], contentType: String = "application/json",
        query: String = "",
        parameters: [(name: String, value: String)] = []
    ) async -> Response {
        await router.answer(
            TestRelay.request(
                "POST", "/hooks/h" + query, contentType: contentType, headers: headers, parameters: parameters,
                body: body))
    }

    /// The event that the function got.
    var event: String? { cloud.calls.last?.request.clientContext.map { String(decoding: $0.text, as: UTF8.self) } }
}

extension InvokeAnswer {
    /// A run that returned this.
    static func returning(_ text: String) -> InvokeAnswer {
        InvokeAnswer(result: InvokeResult(retMsg: text, functionRequestId: "f-1"), requestId: "r-1")
    }

    /// A run that failed.
    static let failing = InvokeAnswer(
        result: InvokeResult(errMsg: "do not tell", functionRequestId: "f-1", invokeResult: -1), requestId: "r-1")
}
