// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Logging
import Testing

@testable import CallStore
@testable import Relay

/// `/deliveries` lists what was accepted, and does what `scf-relay queue` does.
@Suite struct DeliveriesDoorTests {
    private let files: TestStore
    private let relay: TestRelay
    private static let html = ["Accept": "text/html"]

    init() throws {
        files = try TestStore()
        relay = TestRelay(deliveries: DeliveryService(store: files.store, logger: Logger(label: "test")))
    }

    /// A call that was given up, and one that nobody knows about.
    private func settle() async throws {
        for id in ["dead", "unknown"] { _ = try await files.store.accept(.hello(id), as: nil) }
        let claims = try await files.store.claim(.function, upTo: 2)
        try await files.store.finish(claims[0], .dead(AttemptOutcome(code: "ResourceNotFound", message: "<b>gone</b>")))
        try await files.store.finish(claims[1], .unknown(AttemptOutcome(code: "ClientError.Timeout")))
    }

    private func post(_ form: String, headers: [String: String] = [:]) async -> Response {
        await relay.send(
            "POST", "/deliveries", contentType: "application/x-www-form-urlencoded", headers: headers, body: form.utf8)
    }

    @Test func everythingThatIsNotDeliveredIsListed() async throws {
        try await settle()
        let page = await relay.send("GET", "/deliveries", headers: Self.html)
        #expect(page.isHTML)
        for id in ["dead", "unknown"] { #expect(page.text.contains("href=\"/deliveries?id=\(id)\"")) }
        let dead = await relay.send("GET", "/deliveries?state=dead").text
        #expect(dead.hasPrefix(#"{"Calls":[{"Id":"dead""#))
        #expect(!dead.contains(#""Id":"unknown""#))
        #expect(await relay.send("GET", "/deliveries?state=lost").status == .badRequest)
    }

    @Test func aDetailShowsItsTriesAndWarnsOfRunningTwice() async throws {
        try await settle()
        let dead = await relay.send("GET", "/deliveries?id=dead", headers: Self.html).text
        #expect(dead.contains("&lt;b&gt;gone&lt;/b&gt;"))
        #expect(!dead.contains("<b>gone"))
        let unknown = await relay.send("GET", "/deliveries?id=unknown", headers: Self.html).text
        #expect(unknown.contains("may run it twice"))
        #expect(await relay.send("GET", "/deliveries?id=none", headers: Self.html).status == .notFound)
    }

    @Test func aDeadLetterIsRetriedAndAnotherDropped() async throws {
        try await settle()
        let retried = await post("id=dead&action=retry", headers: Self.html)
        #expect(retried.status == .seeOther)
        #expect(retried.headerFields[.location] == "/deliveries?id=dead&done=retry&lang=en")
        let dropped = await post("id=unknown&action=drop")
        #expect(dropped.text == #"{"Id":"unknown","Done":"drop"}"#)
        #expect(try await files.states() == ["dead": .waiting])
    }

    @Test(arguments: [
        ("id=dead&action=retry", ["Origin": "https://evil.example", "Host": "relay.example"], 403),
        ("id=dead&action=drop", ["Sec-Fetch-Site": "cross-site"], 403), ("id=dead", [:], 400),
        ("id=dead&action=burn", [:], 400), ("id=none&action=drop", [:], 404),
    ])
    func whatMayNotBeDoneIsNot(form: String, headers: [String: String], status: Int) async throws {
        try await settle()
        #expect(await post(form, headers: headers).status.code == status)
        #expect(try await files.states() == ["dead": .dead, "unknown": .unknown])
    }

    @Test func aCallThatIsBeingDeliveredIsLeftAlone() async throws {
        _ = try await files.store.accept(.hello("runs"), as: nil)
        _ = try await files.store.claim(.function, upTo: 1)
        #expect(await post("id=runs&action=drop").status.code == 409)
        let page = await post("id=runs&action=drop", headers: Self.html)
        #expect(page.headerFields[.location]?.contains("done=nothing") == true)
        #expect(try await files.states() == ["runs": .running])
    }

    @Test func whoeverHasAnIdSeesItsStateAndNothingElse() async throws {
        try await settle()
        let json = await relay.send("GET", "/deliveries/dead").text
        #expect(json.contains(#""State":"dead""#))
        let page = await relay.send("GET", "/deliveries/dead", headers: Self.html)
        #expect(page.isHTML)
        #expect(page.text.contains("Given up"))
        #expect(!page.text.contains("gone"), "what the cloud said is not for senders")
        #expect(!page.text.contains("<form"))
    }
}
