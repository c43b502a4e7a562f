// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Builds one line of the log: a flat JSON object, or `name=value` pairs.
struct LogLine {
    /// Characters that a text is cut to, so that nobody fills the log with one call. Unicode scalars are meant: what
    /// people see as one character may be any number of them.
    static let maximumText = 512

    private let format: LogFormat
    private var bytes: [UInt8] = []

    /// - Parameters:
    ///   - time: UNIX seconds.
    ///   - level: As swift-log names it.
    ///   - format: How the line looks.
    init(time: Int, level: String, format: LogFormat = .json) {
        self.format = format
        // Room for most lines, and small enough to come from the cache that malloc keeps for each thread (1,032 bytes).
        bytes.reserveCapacity(896)
        switch format {
        case .json:
            bytes.append(literal: #"{"time":"#)
            bytes.append(decimal: time)
        case .text:
            bytes.append(literal: "time=")
            UTCTime(timestamp: time).append(to: &bytes)
        }
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
        bytes.append(decimal: value)
    }

    mutating func add(_ name: StaticString, _ value: Bool) {
        addName(name)
        bytes.append(literal: value ? "true" : "false")
    }

    /// Adds a member whose name is not known in advance.
    mutating func add(named name: String, _ value: String) {
        switch format {
        case .json:
            bytes.append(UInt8(ascii: ","))
            JSONString.appendQuoted(name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
        case .text:
            bytes.append(UInt8(ascii: " "))
            LogText.appendName(name, to: &bytes)
            bytes.append(UInt8(ascii: "="))
        }
        add(text: value)
    }

    consuming func finished() -> [UInt8] {
        if format == .json { bytes.append(UInt8(ascii: "}")) }
        return bytes
    }

    private mutating func add(text: String) {
        let fits = text.utf8.count <= Self.maximumText
        let value = fits ? text : String(text.unicodeScalars.prefix(Self.maximumText))
        switch format {
        case .json: JSONString.appendQuoted(value, to: &bytes)
        case .text: LogText.append(value, to: &bytes)
        }
    }

    /// As one piece: a line has some twenty names, and a piece costs more than its bytes.
    private mutating func addName(_ name: StaticString) {
        let isJSON = format == .json
        // A StaticString's bytes live as long as the program.
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        bytes.append(addingCapacity: name.count + 4) { output in
            output.append(isJSON ? UInt8(ascii: ",") : UInt8(ascii: " "))
            if isJSON { output.append(UInt8(ascii: "\"")) }
            // Raw, to copy the name as one.
            output.withUnsafeMutableBufferPointer { room, written in
                written = room[written...].update(fromContentsOf: name)
            }
            if isJSON { output.append(UInt8(ascii: "\"")) }
            output.append(isJSON ? UInt8(ascii: ":") : UInt8(ascii: "="))
        }
    }
}
