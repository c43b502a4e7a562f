// SPDX-License-Identifier: Apache-2.0

import CallStore
import FastCGI
import HTTPTypes
import Invocation
import TencentCloud
import Testing

@testable import Relay

/// The views of the history: what they show, in which form, and that nothing in it is markup.
@Suite struct HistoryViewTests {
    static let html = ["Accept": "text/html"]

    private static func call(_ change: (inout HistoryCall) -> Void = { _ in }) -> HistoryCall {
        var call = HistoryCall(id: "a", door: "invoke", caller: "ann", beganAt: 1_786_958_400_000)
        call.functionName = "hello"
        call.namespace = "default"
        call.outcome = .ok
        call.code = "OK"
        call.status = 200
        call.microseconds = 20_500
        call.requestId = "a"
        change(&call)
        return call
    }

    // MARK: Forms of the answer

    @Test(arguments: [
        ("/history", "text/html", "text/html; charset=utf-8"), ("/history", "application/json", "application/json"),
        ("/history", "*/*", "application/json"), ("/history?format=html", "*/*", "text/html; charset=utf-8"),
        ("/history?format=csv", "text/html", "text/csv; charset=utf-8; header=present"),
        ("/history", "text/csv", "text/csv; charset=utf-8; header=present"),
        ("/history/statistics", "text/html", "text/html; charset=utf-8"),
        ("/history/statistics?format=json", "text/html", "application/json"),
    ])
    func theFormIsTheOneAskedFor(target: String, accept: String, type: String) async throws {
        let kept = try TestHistory()
        let response = await TestRelay(history: kept.history).send("GET", target, headers: ["Accept": accept])
        #expect((response.status, response.type) == (.ok, type))
        #expect(response.headerFields[.cacheControl] == "no-store")
    }

    @Test(arguments: [
        "outcome=good", "from=yesterday", "to=2026-13-01", "from=2026-02-30T00:00Z", "to=2026-04-31", "id=abc",
        "after=x", "limit=0", "limit=100000", "format=xml", "door=front", "to=2026-08-17T12:00:00%2B08:00",
        "caller=ann&caller=bob",
    ])
    func whatMeansNothingIsRefused(query: String) async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        let json = await relay.send("GET", "/history?\(query)")
        #expect(json.status == .badRequest)
        #expect(json.text.contains("InvalidParameterValue"))
        #expect(await relay.send("GET", "/history?\(query)", headers: Self.html).isHTML)
    }

    @Test func whatWouldBeRightIsSaid() async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        let outcome = await relay.send("GET", "/history?outcome=good")
        for one in HistoryOutcome.allCases { #expect(outcome.text.contains(one.rawValue)) }
        #expect(!outcome.text.contains("…"))
        let day = await relay.send("GET", "/history?from=2026-02-30T00:00Z")
        #expect(day.text.contains("a day that exists, such as 2026-08-17"))
    }

    @Test(arguments: [
        ("/history?fucntion=hello&format=csv", "`fucntion`", "function, caller, door, outcome, code, from, to, id, "),
        ("/history?span=1h", "`span`", "limit, after, format, lang"), ("/history?zone=", "`zone`", "lang"),
        ("/history?%00=1", "control characters", "lang"),
        ("/history?limit=5&limit=6", "limit", "more than once"), ("/history?limit=0", "limit", "1 to 10000"),
        ("/history?door=front", "door", "invoke, hook, cloud-api, delivery"),
        ("/history?format=xml", "format", "html, json, csv"),
        ("/history?from=2026-08-17T12:00:00%2B08:00", "from", "2026-08-17T09:30:00Z in UTC"),
        ("/history?to=2026-08-17T12:00:00+08:00", "to", "2026-08-17T09:30:00Z in UTC"),
        ("/history/statistics?fucntion=hello", "`fucntion`", "function, caller, "),
        ("/history/statistics?after=1-1", "`after`", "span, format, lang"),
        ("/history/statistics?span=2d", "span", "1h, 1d, 7d, 30d, 90d"),
        ("/history/statistics?span=1h&span=1d", "span", "more than once"),
        ("/history/statistics?door=front", "door", "invoke, hook, cloud-api, delivery"),
        ("/history/statistics?format=csv", "format", "must be: html, json."),
        ("/history/a?format=csv", "format", "must be: html, json."),
        ("/history/a?function=hello", "`function`", "Known parameters: format, lang."),
    ])
    func aWrongParameterIsNamedWithWhatWouldBeRight(target: String, name: String, right: String) async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        let json = await relay.send("GET", target)
        #expect(json.status == .badRequest)
        #expect(json.isJSON)
        #expect(json.text.contains(name))
        #expect(json.text.contains(right))
        let page = await relay.send("GET", target, headers: Self.html)
        #expect(page.status == .badRequest)
        #expect(page.isHTML)
    }

    @Test(arguments: [
        "/history?function=&caller=&outcome=&door=&code=&id=&from=&to=",
        "/history?caller=&caller=ann&lang=zh&limit=&after=&format=",
        "/history/statistics?span=7d&function=&caller=", "/history/statistics?span=&lang=en&format=",
        "/history/a?lang=zh&format=",
    ])
    func whatAFormLeavesEmptyIsAbsent(target: String) async throws {
        let kept = try await Self.twoCalls()
        let relay = TestRelay(history: kept.history)
        for accept in ["application/json", "text/html"] {
            #expect(await relay.send("GET", target, headers: ["Accept": accept]).status == .ok)
        }
    }

    @Test(arguments: [
        "/history?function=hello&caller=ann&door=invoke&outcome=ok&code=OK&from=2020-01-01&to=9999-01-01&limit=1",
        "/history/statistics?span=1h&function=hello&caller=ann", "/history/a",
    ])
    func everyLinkOfAViewIsTaken(target: String) async throws {
        let kept = try await Self.twoCalls()
        let relay = TestRelay(history: kept.history)
        let page = await relay.send("GET", target, headers: Self.html)
        #expect(page.status == .ok)
        let links = page.text.split(separator: "href=\"").filter { $0.hasPrefix("/history") }.map { link in
            String(link.prefix { $0 != "\"" }).replacing("&amp;", with: "&")
        }
        #expect(links.contains(where: { $0.contains("lang=") }))
        for link in links {
            #expect(await relay.send("GET", link, headers: Self.html).status == .ok, "\(link)")
        }
    }

    @Test func aListKeepsItsLengthFromPageToPage() async throws {
        let kept = try await Self.twoCalls()
        let relay = TestRelay(history: kept.history)
        let newest = await relay.send("GET", "/history?limit=1", headers: Self.html)
        let older = try #require(newest.text.firstMatch(of: /href="(\/history\?[^"]*after=[^"]*)"/)?.1)
        let link = String(older).replacing("&amp;", with: "&")
        #expect(link.contains("limit=1"))
        let page = await relay.send("GET", link, headers: Self.html)
        #expect(page.text.contains("href=\"/history?limit=1\""))
        #expect(page.text.contains("<input type=\"hidden\" name=\"limit\" value=\"1\">"))
    }

    private static func twoCalls() async throws -> TestHistory {
        let kept = try TestHistory()
        let now = kept.history.now
        let calls = ["a", "b"].map { id in
            HistoryDetail(
                call: Self.call { call in
                    call.id = id
                    call.requestId = id
                    call.beganAt = now
                })
        }
        try await kept.store.add(calls, missing: nil)
        return kept
    }

    @Test func withoutAHistoryTheViewSaysSo() async {
        for path in ["/history", "/history/statistics"] {
            let response = await TestRelay().send("GET", path, headers: Self.html)
            #expect(response.status == .notFound)
            #expect(response.text.contains("keeps no history"))
        }
        let deliveries = await TestRelay().send("GET", "/deliveries", headers: Self.html)
        #expect(deliveries.status == .notFound)
    }

    @Test func aCallIsListedFoundAndFilledInAgain() async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        let made = await relay.sendForm(
            "FunctionName=hello&ClientContext=%7B%22n%22%3A+1%7D&Qualifier=live&LogType=Tail")
        let id = try #require(made.requestId)
        let list = await relay.send("GET", "/history", headers: Self.html)
        #expect(list.text.contains("href=\"/history/\(id)\""))
        #expect(list.text.contains("default/hello"))
        let detail = await relay.send("GET", "/history/\(id)", headers: Self.html)
        #expect(detail.text.contains("hello from scf"))
        #expect(detail.text.contains("href=\"/history/again?id=\(id)\""))
        let form = await relay.send("GET", "/history/again?id=\(id)", headers: Self.html)
        #expect(form.text.contains("name=\"FunctionName\" value=\"hello\""))
        #expect(form.text.contains("name=\"Qualifier\" value=\"live\""))
        #expect(form.text.contains("{&quot;n&quot;: 1}"))
        let json = await relay.send("GET", "/history/\(id)")
        #expect(json.text.contains(#""ClientContext":"{\"n\": 1}""#))
        #expect(await relay.send("GET", "/history/nothing", headers: Self.html).status == .notFound)
        #expect(await relay.send("GET", "/history/again?id=nothing").status == .notFound)
    }

    @Test func chartsAndTablesShowTheCalls() async throws {
        let kept = try TestHistory()
        let relay = TestRelay(history: kept.history)
        for _ in 0..<3 { _ = await relay.sendForm("FunctionName=hello") }
        _ = await relay.sendForm("FunctionName=1")
        let page = await relay.send("GET", "/history/statistics", headers: Self.html).text
        #expect(page.split(separator: "role=\"img\"").count == 5, "two charts over time, two of cost")
        #expect(page.contains("<th scope=\"row\">default/hello</th><td class=\"number\">3</td>"))
        #expect(page.contains("4 in all"))
        #expect(!page.contains("style="))
        let json = await relay.send("GET", "/history/statistics?span=1h&format=json").text
        #expect(json.contains(#""Outcomes":{"ok":3,"refused":1}"#))
        #expect(json.contains(#""Functions":[{"Name":"default/hello","Calls":3"#))
    }

    @Test func pagesAreLinked() async throws {
        let kept = try TestHistory()
        let now = kept.history.now
        let calls = (0..<120).map { number in
            HistoryDetail(
                call: Self.call { call in
                    call.id = "call-\(number)"
                    call.requestId = call.id
                    call.beganAt = now + number
                })
        }
        try await kept.store.add(calls, missing: nil)
        let relay = TestRelay(history: kept.history)
        var target: String? = "/history?caller=ann"
        var seen = 0
        while let address = target {
            let page = await relay.send("GET", address, headers: Self.html).text
            seen += page.split(separator: "href=\"/history/call-").count - 1
            target = Self.nextPage(page)
            if seen > 120 { break }
        }
        #expect(seen == 120)
        let csv = await relay.send("GET", "/history?format=csv&limit=100")
        #expect(csv.text.split(separator: "\r\n").count == 101)
        #expect(csv.headerFields[.link]?.contains("rel=\"next\"") == true)
    }

    private static func nextPage(_ page: String) -> String? {
        let links = page.split(separator: "href=\"").filter { $0.hasPrefix("/history?") }
        guard let link = links.first(where: { $0.contains("rel=\"next\"") }) else { return nil }
        return String(link.prefix { $0 != "\"" }).replacing("&amp;", with: "&")
    }

    @Test func whatTheHistoryLacksIsSaid() async throws {
        let kept = try TestHistory()
        let now = kept.history.now
        try await kept.store.add([], missing: HistoryGap(since: now, until: now + 1000, calls: 7, reason: "<full>"))
        let page = await TestRelay(history: kept.history).send("GET", "/history", headers: Self.html).text
        let times = PageTime()
        #expect(page.contains("7 calls, \(times.text(now)) to \(times.text(now + 1000)): &lt;full&gt;"))
    }

    // MARK: Inert

    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "\u{0600}<b>",
        "<\u{0301}b>", "</pre></textarea><svg onload=alert(1)>", "{{s.lang}}", "&lt;b&gt;",
    ]

    @Test(arguments: hostile)
    func nothingInACallIsMarkup(text: String) async throws {
        let kept = try TestHistory()
        var payload = HistoryPayload()
        let keptText = KeptText(text: Array(text.utf8), byteCount: text.utf8.count)
        payload.clientContext = keptText
        payload.retMsg = keptText
        payload.errMsg = keptText
        payload.log = keptText
        var call = Self.call()
        (call.caller, call.functionName, call.namespace, call.qualifier) = (text, text, text, text)
        (call.region, call.routingKey, call.hook, call.message) = (text, text, text, text)
        (call.note, call.cloudRequestId, call.functionRequestId, call.code) = (text, text, text, text)
        call.outcome = .failed
        call.billDuration = 100
        call.memUsage = 1 << 20
        call.beganAt = kept.history.now
        try await kept.store.add(
            [HistoryDetail(call: call, payload: payload)],
            missing: HistoryGap(since: call.beganAt, until: call.beganAt, calls: nil, reason: text))
        let relay = TestRelay(history: kept.history)
        let escaped = StrictHTML().escapeText(text)
        for target in ["/history", "/history/a", "/history/again?id=a", "/history/statistics"] {
            let page = await relay.send("GET", target, headers: Self.html)
            #expect(page.status == .ok)
            #expect(page.text.unicodeScalars.contains(Array(escaped.unicodeScalars)), "\(target) shows it")
            if escaped != text {
                #expect(!page.text.unicodeScalars.contains(Array(text.unicodeScalars)), "\(target)")
            }
        }
        let query = QueryText.encoded(text)
        for name in ["function", "caller", "code", "id", "door"] {
            let page = await relay.send("GET", "/history?\(name)=\(query)", headers: Self.html).text
            if escaped != text { #expect(!page.unicodeScalars.contains(Array(text.unicodeScalars)), "\(name)") }
        }
    }

    // MARK: CSV

    @Test(arguments: [
        ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("\t=1", "\"'\t=1\""), (" =1", "\"' =1\""), ("\r=1", "\"'\r=1\""), ("|calc", "\"'|calc\""),
        ("＝1+1", "\"'＝1+1\""), ("＋1", "\"'＋1\""), ("－1", "\"'－1\""), ("＠SUM(A1)", "\"'＠SUM(A1)\""),
        ("\u{3000}＝1", "\"'\u{3000}＝1\""), ("=\u{301}1", "\"'=\u{301}1\""),
        ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("a\r\nb", "\"a\r\nb\""), ("plain", "plain"),
        ("中文", "中文"), ("a;b", "\"a;b\""),
    ])
    func aFieldIsAFieldAndNoFormula(text: String, field: String) {
        let csv = String(decoding: HistoryExport.csv([Self.call { $0.caller = text }]), as: UTF8.self)
        #expect(csv.unicodeScalars.contains(Array("invoke,\(field),default".unicodeScalars)), "\(csv)")
        #expect(csv.hasPrefix("Id,Time,Door,Caller,"))
        #expect(csv.utf8.suffix(2).elementsEqual([13, 10]))
    }
}

/// Times are those of the reader.
@Suite struct PageTimeTests {
    @Test(arguments: [
        (0, 0, "1970-01-01 00:00:00", "UTC"), (480, 1_786_958_400_000, "2026-08-17 17:20:00", "UTC+08:00"),
        (-210, 1_786_958_400_000, "2026-08-17 05:50:00", "UTC-03:30"),
        (0, 951_782_400_000, "2000-02-29 00:00:00", "UTC"), (0, 4_107_542_399_000, "2100-02-28 23:59:59", "UTC"),
        (840, 1_709_164_800_000, "2024-02-29 14:00:00", "UTC+14:00"),
    ])
    func textsAreThoseOfTheOffset(offset: Int, time: Int, text: String, zone: String) {
        let times = PageTime(offset: offset)
        #expect((times.text(time), times.zoneName) == (text, zone))
        #expect(times.milliseconds(times.field(time)) == time / 60_000 * 60_000)
        #expect(times.milliseconds(PageTime.iso(time)) == time)
    }

    @Test(arguments: [
        "", "2026", "2026-02", "2026-00-01", "2026-01-32", "2026-01-01T25:00", "2026-01-01T1", "x-y-z", "-1-1-1",
    ])
    func whatIsNoTimeIsNone(text: String) {
        #expect(PageTime().milliseconds(text) == nil)
    }

    @Test(arguments: [("zone=480", 480), ("lang=zh; zone=-60", -60), ("zone=9999", 0), ("zone=x", 0), ("", 0)])
    func theOffsetComesFromTheCookie(cookie: String, offset: Int) {
        let call = HTTPCall(TestRelay.request("GET", "/history", headers: ["Cookie": cookie]))
        #expect(PageTime(for: call).offset == offset)
    }
}

/// Charts are drawn to scale.
@Suite struct ChartTests {
    @Test(arguments: [
        (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (7, [0, 2, 4, 6, 8]), (100, [0, 20, 40, 60, 80, 100]),
        (999, [0, 200, 400, 600, 800, 1000]),
    ])
    func marksAreRound(largest: Int, marks: [Int]) {
        let scale = LinearScale(upTo: largest)
        #expect(scale.marks == marks)
        #expect(scale.part(largest) <= 1)
    }

    @Test func aDecadeIsAStep() {
        let scale = LogarithmicScale(900...120_000)
        #expect(scale.marks == [100, 1000, 10_000, 100_000, 1_000_000])
        #expect(abs(scale.part(1000) - 0.25) < 1e-9)
    }

    @Test func aTimeWithoutCallsBreaksTheLine() throws {
        let times = HistoryStatistics.Times(calls: 1, half: 10, nineteenOfTwenty: 20, longest: 30)
        let pieces = [true, true, false, true].map { HistoryStatistics.Piece(start: 0, times: $0 ? times : nil) }
        let chart = TimesChart(pieces: pieces, labels: ["a", "b", "c", "d"], strings: PageStrings.table(.en))
        let context = try #require(chart.context)
        let series = try #require(context["series"] as? [[String: any Sendable]])
        #expect(series.map { ($0["lines"] as? [String])?.count } == [1, 1, 1])
        #expect(series.map { ($0["marks"] as? [[String: any Sendable]])?.count } == [3, 3, 3])
        #expect(TimesChart(pieces: [], labels: [], strings: [:]).context == nil)
    }

    @Test func sharesAddUp() throws {
        let piece = HistoryStatistics.Piece(start: 0, outcomes: [.ok: 7, .failed: 2, .refused: 1])
        let chart = OutcomesChart(pieces: [piece], labels: ["now"], strings: PageStrings.table(.en))
        let context = try #require(chart.context)
        let shares = try #require(context["shares"] as? [[String: String]])
        #expect(shares.map { $0["percent"] } == ["70.0 %", "20.0 %", "10.0 %"])
        let bars = try #require(context["bars"] as? [[String: any Sendable]])
        let heights = bars.compactMap { ($0["height"] as? String).flatMap(Double.init) }
        #expect(abs(heights[0] / heights[2] - 7) < 0.1)
    }

    @Test(arguments: [(0.00004, "0.0000"), (0.5, "0.5000"), (1.005, "1.00"), (12.345, "12.35"), (1234.5, "1,235")])
    func costsKeepWhatMatters(value: Double, text: String) {
        #expect(CostChart.text(value) == text)
    }
}
