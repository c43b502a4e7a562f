// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Relay

@Suite("What Prometheus reads")
struct MetricsTextTests {
    static func text(_ format: MetricsText.Format = .prometheus, _ write: (inout MetricsText) -> Void) -> String {
        var text = MetricsText(format)
        write(&text)
        return String(decoding: text.finished(), as: UTF8.self)
    }

    @Test("A family has its help and its kind before its samples")
    func family() {
        let text = Self.text { text in
            text.begin("scf_calls_total", .counter, "Calls.")
            text.sample(["door": "a", "code": "OK"], 3)
            text.sample(["door": "b", "code": "OK"], 0)
            text.single("scf_age_seconds", .gauge, "Age.", 0.25)
        }
        #expect(
            text == """
                # HELP scf_calls_total Calls.
                # TYPE scf_calls_total counter
                scf_calls_total{door="a",code="OK"} 3
                scf_calls_total{door="b",code="OK"} 0
                # HELP scf_age_seconds Age.
                # TYPE scf_age_seconds gauge
                scf_age_seconds 0.25

                """)
    }

    @Test("OpenMetrics has counters without the end of their samples' names, and an end")
    func openMetrics() {
        let text = Self.text(.openMetrics) { $0.single("scf_calls_total", .counter, #"With a "word"."#, 3) }
        #expect(
            text == """
                # HELP scf_calls With a \\"word\\".
                # TYPE scf_calls counter
                scf_calls_total 3
                # EOF

                """)
    }

    static let escapes: [(value: String, escaped: String)] = [
        ("", ""), ("plain", "plain"), (#"a"b"#, #"a\"b"#), (#"a\b"#, #"a\\b"#), ("a\nb", #"a\nb"#),
        ("\\\n\"", #"\\\n\""#), ("{a=\"1\",b}", #"{a=\"1\",b}"#), ("中文🚀", "中文🚀"), ("a\r\tb", "a\r\tb"),
    ]

    @Test("A label's value may be anything", arguments: escapes)
    func escaped(value: String, escaped: String) {
        let text = Self.text { text in
            text.begin("a", .gauge, "\(value)")
            text.sample(["name": value], 1)
        }
        #expect(text.hasSuffix("\na{name=\"\(escaped)\"} 1\n"))
        // In help, quotes are themselves.
        #expect(text.hasPrefix("# HELP a \(escaped.replacing("\\\"", with: "\""))\n"))
    }

    static let numbers: [(value: Double, text: String)] = [
        (0, "0.0"), (1, "1.0"), (0.001, "0.001"), (1e-9, "1e-09"), (1e17, "1e+17"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"),
    ]

    @Test("Numbers are such as Prometheus reads", arguments: numbers)
    func number(value: Double, text: String) {
        #expect(Self.text { $0.single("a", .gauge, "A.", value) }.hasSuffix("\na \(text)\n"))
    }

    @Test("A histogram's buckets add up, each with all that is below it")
    func histogram() {
        var durations = DurationHistogram()
        for duration: Duration in [
            .zero, .milliseconds(1), .milliseconds(1) + .nanoseconds(1), .seconds(310), .seconds(400),
        ] {
            durations.note(duration)
        }
        let lines = Self.text { text in
            text.begin("d_seconds", .histogram, "D.")
            text.histogram((name: "door", value: "a"), durations)
        }.split(separator: "\n").dropFirst(2).map(String.init)
        let bounds = [
            "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0",
            "30.0",
            "60.0", "120.0", "310.0", "+Inf",
        ]
        let counts = [2] + [Int](repeating: 3, count: 15) + [4, 5]
        #expect(
            lines == zip(bounds, counts).map { "d_seconds_bucket{door=\"a\",le=\"\($0)\"} \($1)" } + [
                "d_seconds_sum{door=\"a\"} 710.002000001", "d_seconds_count{door=\"a\"} 5",
            ])
    }

    @Test("Bounds rise, and each is inclusive")
    func bounds() {
        let bounds = DurationHistogram.bounds
        #expect(bounds == bounds.sorted() && Set(bounds).count == bounds.count)
        for (index, bound) in bounds.enumerated() {
            var durations = DurationHistogram()
            durations.note(bound)
            durations.note(bound + .nanoseconds(1))
            #expect(durations.counts[index] == 1 && durations.counts[index + 1] == 1)
            #expect(durations.sum == bound * 2 + .nanoseconds(1))
        }
    }

    static let accepts: [(accept: String?, format: MetricsText.Format)] = [
        (nil, .prometheus), ("*/*", .prometheus), ("text/plain", .prometheus), ("", .prometheus),
        ("application/openmetrics-text", .openMetrics), ("application/openmetrics-text;q=0", .prometheus),
        ("text/plain;q=0.9,application/openmetrics-text;q=0.5", .prometheus),
        // Prometheus 3.
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
            .openMetrics
        ),
    ]

    @Test("OpenMetrics is for who asks for it", arguments: accepts)
    func accept(accept: String?, format: MetricsText.Format) {
        #expect(MetricsDoor.format(accept: accept) == format)
    }
}
