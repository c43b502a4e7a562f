// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

@testable import Relay

/// scf-relay's doors in this process, with an invoker of the test's behind them.
struct TestRelay: Sendable {
    let router: Router
    let gate = InFlightGate(limit: 1)
    let readiness: Readiness

    init(
        _ invoker: any Invoker = FakeInvoker(), limits: Limits = Limits(),
        observer: any CallObserver = CapturedLog.discarded, history: CallHistory? = nil,
        deliveries: DeliveryService? = nil
    ) {
        readiness = Readiness(gate: gate)
        readiness.beginServing()
        let functions = FunctionList([
            .init(name: "hello", description: "says \"hello\""), .init(name: "job", namespace: "batch"),
        ])
        router = .relay(
            functions: FunctionDirectory(functions), target: Self.target, invoker: invoker, limits: limits,
            readiness: readiness, deliveries: deliveries, history: history,
            observer: history.map { CallObservers([observer, $0]) } ?? observer, now: { 1_551_113_065 })
    }

    static let target: CallCode.Target = {
        do {
            return CallCode.Target(endpoint: try CloudEndpoint("https://api.example.com"), region: "ap-guangzhou")
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    /// Sends a request as nginx would. `target` is path and query; `headers` go by their HTTP names.
    func send(
        _ method: String, _ target: String, contentType: String? = nil, headers: [String: String] = [:],
        parameters: [(name: String, value: String)] = [], body: some Sequence<UInt8> = []
    ) async -> Response {
        await router.answer(
            Self.request(
                method, target, contentType: contentType, headers: headers, parameters: parameters, body: Array(body)))
    }

    /// Sends a form.
    func sendForm(_ form: String, query: String = "", headers: [String: String] = [:]) async -> Response {
        await send(
            "POST", "/invoke\(query)", contentType: "application/x-www-form-urlencoded", headers: headers,
            body: form.utf8)
    }

    /// Sends JSON.
    func sendJSON(_ json: String, headers: [String: String] = [:]) async -> Response {
        await send("POST", "/invoke", contentType: "application/json", headers: headers, body: json.utf8)
    }

    static func request(
        _ method: String, _ target: String, contentType: String? = nil, headers: [String: String] = [:],
        parameters: [(name: String, value: String)] = [], body: [UInt8] = []
    ) -> FastCGI.Request {
        let query = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
        var all = [
            (name: "REQUEST_METHOD", value: method), ("REQUEST_URI", target), ("QUERY_STRING", String(query)),
            ("REMOTE_ADDR", "192.0.2.7"), ("CONTENT_LENGTH", String(body.count)),
        ]
        if let contentType { all.append(("CONTENT_TYPE", contentType)) }
        for (name, value) in headers {
            all.append(("HTTP_" + name.uppercased().replacing("-", with: "_"), value))
        }
        return FastCGI.Request(parameters: Parameters(parameters + all), body: body)
    }
}

extension Response {
    var text: String { String(decoding: body, as: UTF8.self) }
    var type: String? { headerFields[.contentType] }
    var requestId: String? { headerFields[.xRequestId] }
    var isHTML: Bool { type == "text/html; charset=utf-8" && text.hasPrefix("<!doctype html>") }
    var isJSON: Bool { type == "application/json" && text.hasPrefix("{") }

    /// What the page shows in the first element that is marked with `data-part`.
    func part(_ name: String) -> String? {
        let pieces = text.split(separator: "data-part=\"\(name)\"", maxSplits: 1, omittingEmptySubsequences: false)
        guard pieces.count == 2, let open = pieces[1].firstIndex(of: ">") else { return nil }
        return String(pieces[1][open...].dropFirst().prefix { $0 != "<" })
    }
}
