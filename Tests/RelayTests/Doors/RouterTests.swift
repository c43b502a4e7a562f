// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud
import Testing

@testable import Relay

@Suite("Routes")
struct RouterTests {
    static let rows: [(method: String, target: String, status: Int, allow: String?)] = [
        ("GET", "/functions", 200, nil), ("HEAD", "/functions", 200, nil), ("GET", "/functions?x=1", 200, nil),
        ("GET", "/healthz", 200, nil), ("HEAD", "/healthz", 200, nil), ("GET", "/readyz", 200, nil),
        ("GET", "/invoke", 405, "POST"), ("HEAD", "/invoke", 405, "POST"), ("PUT", "/invoke", 405, "POST"),
        ("post", "/invoke", 405, "POST"), ("OPTIONS", "/invoke", 405, "POST"), ("TRACE", "/invoke", 405, "POST"),
        ("POST", "/functions", 405, "GET, HEAD"), ("DELETE", "/healthz", 405, "GET, HEAD"),
        ("G ET", "/functions", 405, "GET, HEAD"), ("", "/functions", 405, "GET, HEAD"),
        ("GET", "/", 404, nil), ("POST", "/invoke/", 404, nil), ("POST", "/Invoke", 404, nil),
        ("POST", "//invoke", 404, nil), ("POST", "/invoke%00", 404, nil), ("POST", "/hooks/x", 404, nil),
        ("GET", "", 404, nil), ("GET", "?", 404, nil), ("GET", "*", 404, nil), ("GET", "/\u{0}\u{FFFD}<b>", 404, nil),
    ]

    @Test("Each path has its methods; nothing else is there", arguments: rows)
    func routing(method: String, target: String, status: Int, allow: String?) async throws {
        let cloud = FakeInvoker()
        let response = await TestRelay(cloud).send(method, target)
        #expect(response.status.code == status)
        #expect(response.headerFields[.allow] == allow)
        #expect(response.requestId?.utf8.count == 36)
        #expect(cloud.calls.isEmpty)
        if status >= 400 {
            let code = status == 404 ? "ResourceNotFound" : "UnsupportedProtocol"
            #expect(response.isJSON)
            #expect(response.text.contains(#"{"Response":{"Error":{"Code":"\#(code)","Message":""#))
        }
    }

    @Test(
        "What is taken instead is said",
        arguments: [("GET", "/invoke", "POST is."), ("POST", "/functions", "GET and HEAD are.")])
    func instead(method: String, target: String, end: String) async {
        #expect(await TestRelay().send(method, target).text.contains("\(method) is not taken at \(target); \(end)\""))
    }

    @Test("The doctor knows each path that has a door")
    func sitePaths() async {
        let wiredElsewhere: Set<String> = ["/metrics", "/status"]
        for path in Router.sitePaths.subtracting(wiredElsewhere) {
            let response = await TestRelay().send("TRACE", path)
            #expect(response.status.code == 405 || path.hasPrefix("/history"), "\(path)")
        }
    }

    // U+212A, the Kelvin sign, is canonically equivalent to K: equal to it as Strings, and not as the bytes of a path.
    @Test(
        "An address is its bytes: what only looks like it is another, to the relay as to nginx",
        arguments: ["/Kitchen", "/folder/K"])
    func equivalentPaths(path: String) async {
        let router = Router(
            doors: ["/Kitchen": HealthDoor.alive], folders: ["/folder/": HealthDoor.alive], errors: .cloudAPI,
            observer: CapturedLog.discarded)
        func isFound(_ path: String) async -> Bool {
            let parameters = Parameters([("REQUEST_METHOD", "GET"), ("REQUEST_URI", path)])
            return await !router.answer(Request(parameters: parameters)).text.contains("ResourceNotFound")
        }
        let equivalent = path.replacing("K", with: "\u{212A}")
        #expect(equivalent == path, "to Swift they are equal")
        #expect(await isFound(path))
        #expect(await !isFound(equivalent))
    }

    @Test("A parameter that is missing is no crash")
    func nothing() async {
        let response = await TestRelay().router.answer(Request(parameters: Parameters()))
        #expect(response.status == .notFound)
        #expect(response.requestId?.utf8.count == 36)
    }

    @Test("HEAD says what GET would", arguments: ["/functions", "/healthz", "/readyz", "/nothing"])
    func head(target: String) async {
        let relay = TestRelay()
        let head = await relay.send("HEAD", target)
        let get = await relay.send("GET", target)
        #expect(head.leavesOutBody && !get.leavesOutBody)
        #expect(head.body.count == get.body.count)
        #expect(head.status == get.status)
        #expect(head.type == get.type)
    }

    static let ids: [(given: String?, answered: String?)] = [
        ("0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"),
        ("0123456789ABCDEF0123456789ABCDEF", nil), ("0123456789abcdef0123456789abcde", nil),
        ("0123456789abcdef0123456789abcdef0", nil), ("0123456789abcdef0123456789abcde\n", nil),
        ("01234567-89ab-cdef-0123-456789abcdef", nil), ("", nil), (nil, nil),
        ("\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}\u{4E2D}ab", nil),
    ]

    @Test("nginx's request id is taken over where it is one", arguments: ids)
    func requestIds(given: String?, answered: String?) async throws {
        let cloud = FakeInvoker()
        let relay = TestRelay(cloud)
        let parameters = given.map { [(name: "REQUEST_ID", value: $0)] } ?? []
        let response = await relay.send(
            "POST", "/invoke", contentType: "application/json", parameters: parameters,
            body: #"{"FunctionName":"hello"}"#.utf8)
        let id = try #require(response.requestId)
        if let answered { #expect(id == answered) }
        if answered == nil {
            #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        }
        #expect(cloud.calls.map(\.requestId) == [id])
    }

    @Test("Random request ids do not repeat")
    func randomIds() {
        #expect(Set((0..<1000).map { _ in RequestId.random() }).count == 1000)
    }

    @Test("The list of functions says what may be called")
    func functions() async {
        let response = await TestRelay().send("GET", "/functions")
        #expect(
            response.text
                == #"{"Functions":[{"FunctionName":"hello","Namespace":"default","Description":"says \"hello\""},"#
                + #"{"FunctionName":"job","Namespace":"batch","Description":""}]}"#)
        #expect(response.isJSON)
    }

    @Test("Readiness follows the process; being alive does not")
    func readiness() async throws {
        let relay = TestRelay()
        #expect(await relay.send("GET", "/readyz").status == .ok)
        _ = await InFlightGateTests.result { () async throws(CloudError) in
            try await relay.gate.pass { () async in
                #expect(await relay.send("GET", "/readyz").status == .serviceUnavailable)
            }
        }
        #expect(await relay.send("GET", "/readyz").text == "ok\n")
        relay.readiness.beginDraining()
        let response = await relay.send("GET", "/readyz")
        #expect(response.status == .serviceUnavailable)
        #expect(response.text == "not ready: draining\n")
        #expect(response.type == "text/plain; charset=utf-8")
        #expect(await relay.send("GET", "/healthz").status == .ok)
    }

    @Test("Every answer says what a browser must not do with it", arguments: ["html", "json", "text"])
    func headerFields(kind: String) async {
        let relay = TestRelay()
        let response =
            switch kind {
            case "html": await relay.sendForm("FunctionName=hello")
            case "json": await relay.sendJSON(#"{"FunctionName":"hello"}"#)
            default: await relay.send("GET", "/healthz")
            }
        let policy = response.headerFields[.contentSecurityPolicy] ?? ""
        #expect(policy.hasPrefix("default-src 'none'; "))
        for rule in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"] {
            #expect(policy.contains(rule))
        }
        #expect(!policy.contains("unsafe"))
        #expect(response.headerFields[.cacheControl] == "no-store")
        #expect(response.headerFields[.xContentTypeOptions] == "nosniff")
        #expect(response.headerFields[.xFrameOptions] == "DENY")
        #expect(response.headerFields[.referrerPolicy] == "same-origin")
        #expect(response.headerFields[.crossOriginOpenerPolicy] == "same-origin")
        #expect(response.headerFields[.crossOriginResourcePolicy] == "same-origin")
        #expect(response.headerFields[.vary] == (kind == "html" ? "Accept, Accept-Language, Cookie" : nil))
    }
}
