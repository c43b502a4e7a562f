// SPDX-License-Identifier: Apache-2.0

/// Writes what Prometheus reads: families of samples, one sample a line.
///
/// The text format 0.0.4 (<https://prometheus.io/docs/instrumenting/exposition_formats/>) or, told by few differences,
/// OpenMetrics 1.0 (<https://github.com/prometheus/OpenMetrics>).
struct MetricsText: Sendable {
    /// The two formats.
    enum Format: Sendable {
        case prometheus, openMetrics

        var contentType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    /// What the samples of a family are.
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Names and values of a sample's labels, in the order in which they are written.
    typealias Labels = KeyValuePairs<String, String>

    private let format: Format
    private var text: [UInt8] = []
    private var name = ""

    init(_ format: Format) {
        self.format = format
        text.reserveCapacity(32 << 10)
    }

    /// The whole text. Nothing can be added any more.
    consuming func finished() -> [UInt8] {
        if format == .openMetrics { text += "# EOF\n".utf8 }
        return text
    }

    /// Begins a family. Its samples follow; each family has one place in the text.
    ///
    /// - Parameters:
    ///   - name: Its name, with the unit in it; that of a counter ends in `_total`.
    ///   - kind: What its samples are.
    ///   - help: One sentence.
    mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        // OpenMetrics has the name of a counter's family without the end that its samples have.
        let isShort = format == .openMetrics && kind == .counter && name.hasSuffix("_total")
        let family = isShort ? String(name.dropLast("_total".count)) : name
        text += "# HELP \(family) ".utf8
        appendEscaped(help, quotes: format == .openMetrics)
        text += "\n# TYPE \(family) \(kind.rawValue)\n".utf8
    }

    /// Writes a sample of the family.
    mutating func sample(_ labels: Labels, _ value: Int) {
        write("", labels, String(value))
    }

    /// Writes a sample of the family.
    mutating func sample(_ labels: Labels, _ value: Double) {
        write("", labels, Self.number(value))
    }

    /// Writes a family with one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Int) {
        begin(name, kind, help)
        sample([:], value)
    }

    /// Writes a family with one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        begin(name, kind, help)
        sample([:], value)
    }

    /// Writes a histogram of the family, in seconds.
    mutating func histogram(_ label: (name: String, value: String), _ durations: DurationHistogram) {
        var sum = 0
        for (bound, count) in zip(DurationHistogram.bounds, durations.counts) {
            sum += count
            write("_bucket", [label.name: label.value, "le": Self.number(bound.seconds)], String(sum))
        }
        write("_bucket", [label.name: label.value, "le": "+Inf"], String(durations.count))
        write("_sum", [label.name: label.value], Self.number(durations.sum.seconds))
        write("_count", [label.name: label.value], String(durations.count))
    }

    private mutating func write(_ suffix: String, _ labels: Labels, _ value: String) {
        text += name.utf8
        text += suffix.utf8
        var separator = "{"
        for (name, value) in labels {
            text += separator.utf8
            text += name.utf8
            text += "=\"".utf8
            appendEscaped(value, quotes: true)
            text.append(UInt8(ascii: "\""))
            separator = ","
        }
        if separator == "," { text.append(UInt8(ascii: "}")) }
        text.append(UInt8(ascii: " "))
        text += value.utf8
        text.append(UInt8(ascii: "\n"))
    }

    /// The formats know three escapes, and nothing else needs any.
    private mutating func appendEscaped(_ value: String, quotes: Bool) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): text += #"\\"#.utf8
            case UInt8(ascii: "\n"): text += #"\n"#.utf8
            case UInt8(ascii: "\"") where quotes: text += #"\""#.utf8
            default: text.append(byte)
            }
        }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value.description
    }
}

extension Duration {
    /// Seconds, as exactly as a `Double` can have them.
    var seconds: Double { self / .seconds(1) }
}
