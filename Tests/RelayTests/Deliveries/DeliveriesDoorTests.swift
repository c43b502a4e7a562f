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

    @Test(arguments: [
        ("state=lost", "state", "waiting, running, done, dead, unknown"), ("format=csv", "format", "html, json"),
        ("after=x", "after", "the 'Next' of an earlier answer"),
        ("after=-1", "after", "the 'Next' of an earlier answer"),
        ("limit=0", "limit", "1 to 10000"), ("limit=10001", "limit", "1 to 10000"),
        ("stat=dead", "`stat`", "id, state, limit, after, format, done, lang"),
        ("state=dead&state=done", "state", "more than once"), ("id=dead&format=csv", "format", "html, json"),
        ("id=dead%00", "id", "control character"),
    ])
    func aWrongParameterIsNamedWithWhatWouldBeRight(query: String, name: String, right: String) async throws {
        try await settle()
        let json = await relay.send("GET", "/deliveries?\(query)")
        #expect(json.status == .badRequest)
        #expect(json.text.contains(name))
        #expect(json.text.contains(right))
        #expect(await relay.send("GET", "/deliveries?\(query)", headers: Self.html).status == .badRequest)
    }

    @Test(arguments: [
        "state=&after=&limit=&format=&id=&done=", "state=dead&lang=zh", "id=dead&done=retry&lang=en", "after=0",
    ])
    func whatThePageSendsIsTaken(query: String) async throws {
        try await settle()
        #expect(await relay.send("GET", "/deliveries?\(query)", headers: Self.html).status == .ok)
    }

    @Test(arguments: [("json", "text/html", false), ("html", "application/json", true), ("", "text/html", true)])
    func theFormatOfTheAddressGoesBeforeAccept(format: String, accept: String, isHTML: Bool) async throws {
        try await settle()
        for query in ["", "&id=dead"] {
            let answer = await relay.send("GET", "/deliveries?format=\(format)\(query)", headers: ["Accept": accept])
            #expect((answer.isHTML, answer.isJSON) == (isHTML, !isHTML))
        }
    }

    private static func ids(_ answer: Response) -> [String] {
        answer.text.split(separator: "\"Id\":\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }

    @Test func aProgramThatFollowsTheLinkSeesEveryCallOnce() async throws {
        for number in 0..<5 { _ = try await files.store.accept(.hello("call-\(number)"), as: nil) }
        var target: String? = "/deliveries?state=waiting&limit=2"
        var seen: [String] = []
        while let address = target, seen.count <= 5 {
            let answer = await relay.send("GET", address)
            seen += Self.ids(answer)
            let link = answer.headerFields[.link]
            #expect(answer.text.contains("\"Next\":\"") == (link != nil))
            #expect(link?.hasSuffix("; rel=\"next\"") != false)
            target = link.map { link in String(link.dropFirst().prefix { $0 != ">" }) }
        }
        #expect(seen == (0..<5).map { "call-\($0)" })
        let page = await relay.send("GET", "/deliveries?state=waiting&limit=2", headers: Self.html).text
        #expect(page.contains("href=\"/deliveries?state=waiting&amp;limit=2&amp;after="))
    }

    @Test(arguments: [("", 100, 100), ("limit=3", 3, 3), ("limit=200", 200, 200), ("limit=10000", 201, 200)])
    func anAnswerHasAsManyCallsAsItMay(query: String, program: Int, page: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { [files] group in
            for number in 0..<201 {
                group.addTask { _ = try await files.store.accept(.hello("call-\(number)"), as: nil) }
            }
            try await group.waitForAll()
        }
        let json = await relay.send("GET", "/deliveries?\(query)")
        #expect(Self.ids(json).count == program)
        #expect((json.headerFields[.link] == nil) == (program == 201))
        let html = await relay.send("GET", "/deliveries?\(query)", headers: Self.html).text
        #expect(html.split(separator: "href=\"/deliveries?id=").count - 1 == page)
        #expect(html.contains("rel=\"next\""))
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

    @Test(arguments: [
        ("id=dead&action=burn", "", "InvalidParameterValue", "retry, drop"),
        ("id=dead", "", "MissingParameter", "'action'"), ("action=drop", "", "MissingParameter", "'id'"),
        ("id=dead&action=drop&all=1", "", "UnknownParameter", "id, action"),
        ("id=dead&id=unknown&action=drop", "", "InvalidParameterValue", "more than once"),
        ("id=dead&action=drop", "?state=dead", "UnknownParameter", "format, lang"),
        ("id=dead&action=drop", "?format=csv", "InvalidParameterValue", "html, json"),
    ])
    func aWrongFormIsToldWhatWouldBeRight(form: String, query: String, code: String, right: String) async throws {
        try await settle()
        let answer = await relay.send(
            "POST", "/deliveries\(query)", contentType: "application/x-www-form-urlencoded", body: form.utf8)
        #expect(answer.status == .badRequest)
        #expect(answer.text.contains("\"\(code)\""))
        #expect(answer.text.contains(right))
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
