// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite("The log as text")
struct LogTextTests {
    static let values: [(value: String, text: String)] = [
        ("", #""""#), ("plain", "plain"), ("10.0.0.1:80", "10.0.0.1:80"), ("default/hello", "default/hello"),
        ("{x}", "{x}"), ("a b", #""a b""#), ("a=b", #""a=b""#), (#"a"b"#, #""a\"b""#), (#"a\b"#, #""a\\b""#),
        ("a\nb\r\tc", #""a\nb\r\tc""#), ("中文", #""中文""#), ("\u{0}\u{7F}", #""\u{0}\u{7f}""#),
        ("\u{1B}[31m", #""\u{1b}[31m""#), ("\u{85}\u{9B}", #""\u{85}\u{9b}""#),
        ("\u{2028}\u{202E}\u{200B}\u{FEFF}", #""\u{2028}\u{202e}\u{200b}\u{feff}""#), ("e\u{301}", "\"e\u{301}\""),
    ]

    @Test("A value is bare where it is a word, else quoted, and can end neither itself nor its line", arguments: values)
    func value(value: String, text: String) {
        var line = LogLine(time: 1_700_000_000, level: "info", format: .text)
        line.add("name", value)
        line.add("after", 1)
        #expect(
            String(decoding: line.finished(), as: UTF8.self)
                == "time=2023-11-14T22:13:20Z level=info name=\(text) after=1")
    }

    @Test("A name that is not known in advance stays a name")
    func names() {
        var line = LogLine(time: 0, level: "info", format: .text)
        line.add(named: "a b=\"c\"\n", "x")
        line.add(named: "", "y")
        #expect(
            String(decoding: line.finished(), as: UTF8.self) == "time=1970-01-01T00:00:00Z level=info a_b__c__=x _=y")
    }

    @Test("Text has the same fields as JSON, in the same order")
    func same() async throws {
        let log = try CapturedLog()
        let relay = TestRelay(observer: log.log)
        let body = #"{"FunctionName":"hello","ClientContext":"private"}"#
        _ = await relay.sendJSON(body)
        log.writer.format = .text
        _ = await relay.sendJSON(body)
        let lines = log.lines()
        #expect(lines.count == 2 && lines[0].hasPrefix("{"))
        let names = lines[0].matches(of: /[{,]"([a-zA-Z]+)":/).map { String($0.output.1) }
        let others = lines[1].matches(of: /(?:^| )([a-zA-Z]+)=/).map { String($0.output.1) }
        #expect(names == others && names.contains("traceId"))
        #expect(!lines[1].contains("private"))
    }

    static let times = [
        (0, "1970-01-01T00:00:00Z"), (951_868_799, "2000-02-29T23:59:59Z"), (1_798_761_599, "2026-12-31T23:59:59Z"),
        (-5, "1970-01-01T00:00:00Z"),
    ]

    @Test("Times are RFC 3339's", arguments: times)
    func time(timestamp: Int, text: String) {
        #expect(UTCTime(timestamp: timestamp).text == text)
    }
}
