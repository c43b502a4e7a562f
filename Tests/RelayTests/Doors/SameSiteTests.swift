// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud
import Testing

@testable import Relay

@Suite("Calls from other sites")
struct SameSiteTests {
    struct Row: CustomTestStringConvertible {
        var origin: String?
        var host: String? = "relay.example"
        var fetchSite: String?
        var scheme: String?
        let isTaken: Bool

        var testDescription: String {
            "Origin \(origin ?? "–"), Host \(host ?? "–"), Sec-Fetch-Site \(fetchSite ?? "–"), scheme \(scheme ?? "–")"
        }
    }

    static let rows = [
        // Programs
        Row(isTaken: true), Row(host: nil, isTaken: true), Row(origin: "", fetchSite: "", isTaken: true),
        // The relay's own page
        Row(origin: "https://relay.example", isTaken: true), Row(origin: "http://relay.example", isTaken: true),
        Row(origin: "https://RELAY.example", host: "relay.EXAMPLE", isTaken: true),
        Row(origin: "http://127.0.0.1:8080", host: "127.0.0.1:8080", isTaken: true),
        Row(origin: "http://[::1]:8080", host: "[::1]:8080", isTaken: true),
        Row(fetchSite: "same-origin", isTaken: true), Row(fetchSite: "none", isTaken: true),
        Row(origin: "https://relay.example", fetchSite: "same-origin", isTaken: true),
        Row(origin: "https://relay.example", scheme: "https", isTaken: true),
        Row(origin: "http://relay.example", scheme: "http", isTaken: true),
        // TLS ends in front of the web server.
        Row(origin: "https://relay.example", scheme: "http", isTaken: true),
        // Everything else
        Row(origin: "http://relay.example", scheme: "https", isTaken: false),
        Row(origin: "https://relay.example:8443", isTaken: false),
        Row(origin: "https://relay.example", host: "relay.example:8443", isTaken: false),
        Row(origin: "https://evil.example", isTaken: false), Row(origin: "null", isTaken: false),
        Row(origin: "https://relay.example.evil.example", isTaken: false),
        Row(origin: "https://evil-relay.example", isTaken: false),
        Row(origin: "https://relay.example/", isTaken: false),
        Row(origin: "https://user@relay.example", isTaken: false), Row(origin: "relay.example", isTaken: false),
        Row(origin: "ftp://relay.example", isTaken: false), Row(origin: "HTTPS://relay.example", isTaken: false),
        Row(origin: "https://", host: "", isTaken: false),
        Row(origin: "https://relay.example", host: nil, isTaken: false),
        Row(origin: "https://relay.example, https://evil.example", isTaken: false),
        Row(fetchSite: "cross-site", isTaken: false), Row(fetchSite: "same-site", isTaken: false),
        Row(fetchSite: "Same-Origin", isTaken: false), Row(fetchSite: "anything", isTaken: false),
        Row(origin: "https://relay.example", fetchSite: "cross-site", isTaken: false),
        Row(origin: "https://evil.example", fetchSite: "same-origin", isTaken: false),
    ]

    @Test("Only the relay's own page and programs are taken", arguments: rows)
    func table(row: Row) async {
        let cloud = FakeInvoker()
        var headers: [String: String] = [:]
        headers["Origin"] = row.origin
        headers["Host"] = row.host
        headers["Sec-Fetch-Site"] = row.fetchSite
        let response = await TestRelay(cloud).send(
            "POST", "/invoke", contentType: "application/json", headers: headers,
            parameters: row.scheme.map { [(name: "REQUEST_SCHEME", value: $0)] } ?? [],
            body: #"{"FunctionName":"hello"}"#.utf8)
        #expect(response.status.code == (row.isTaken ? 200 : 403))
        #expect(cloud.calls.count == (row.isTaken ? 1 : 0))
        if !row.isTaken { #expect(response.text.contains(#""Code":"UnauthorizedOperation","#)) }
    }
}
