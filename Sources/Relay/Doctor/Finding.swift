// SPDX-License-Identifier: Apache-2.0

/// Something that does not fit, and what would.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// Where it stands, as `FILE:LINE`; `nil` where it stands in no file.
    public let place: String?
    /// What does not fit, and what comes of it.
    public let problem: String
    /// The line to write, or the command to give.
    public let remedy: String

    init(at place: String?, _ problem: String, write remedy: String) {
        self.place = place
        self.problem = problem
        self.remedy = remedy
    }

    /// A paragraph.
    public var description: String {
        "\(place.map { "\($0): " } ?? "")\(problem)\n    \(remedy.split(separator: "\n").joined(separator: "\n    "))"
    }
}

/// What was looked at, what does not fit, and what could not be found out.
public struct Diagnosis: Sendable, Equatable {
    /// What does not fit.
    public internal(set) var findings: [Finding] = []
    /// What could not be found out, and why; in sentences.
    public internal(set) var unknowns: [String] = []

    mutating func add(_ other: Diagnosis) {
        findings += other.findings
        // The same thing is told once, however many locations of nginx have it.
        for unknown in other.unknowns where !unknowns.contains(unknown) { unknowns.append(unknown) }
    }

    /// One paragraph for each finding, then one for what could not be found out.
    public var text: String {
        var paragraphs = findings.map(\.description)
        if findings.isEmpty { paragraphs.append("Nothing that was looked at is wrong.") }
        paragraphs += unknowns.map { "Not known: \($0)" }
        return paragraphs.joined(separator: "\n\n")
    }
}
