// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Builds one line of the log: a flat JSON object.
struct LogLine {
    /// Characters that a text is cut to, so that nobody fills the log with one call. Unicode scalars are meant: what
    /// people see as one character may be any number of them.
    static let maximumText = 512

    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - time: UNIX seconds.
    ///   - level: As swift-log names it.
    init(time: Int, level: String) {
        bytes.reserveCapacity(512)
        bytes += #"{"time":"#.utf8
        bytes += String(time).utf8
        add("level", level)
    }

    mutating func add(_ name: StaticString, _ value: String) {
        addName(name)
        add(text: value)
    }

    mutating func addIfAny(_ name: StaticString, _ value: String) {
        if !value.isEmpty { add(name, value) }
    }

    mutating func add(_ name: StaticString, _ value: Int) {
        addName(name)
        bytes += String(value).utf8
    }

    mutating func add(_ name: StaticString, _ value: Bool) {
        addName(name)
        bytes += (value ? "true" : "false").utf8
    }

    /// Adds a member whose name is not known in advance.
    mutating func add(named name: String, _ value: String) {
        bytes.append(UInt8(ascii: ","))
        JSONString.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        add(text: value)
    }

    consuming func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func add(text: String) {
        let fits = text.utf8.count <= Self.maximumText
        JSONString.appendQuoted(fits ? text : String(text.unicodeScalars.prefix(Self.maximumText)), to: &bytes)
    }

    private mutating func addName(_ name: StaticString) {
        bytes += #",""#.utf8
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes += #"":"#.utf8
    }
}
