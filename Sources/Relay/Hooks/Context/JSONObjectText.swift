// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Writes one JSON object, member by member. Everything that comes from outside goes through here as a quoted text or as
/// JSON that has been checked; nothing is ever pasted into a text.
struct JSONObjectText {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ name: String, text: String) {
        addName(name)
        JSONString.appendQuoted(text, to: &bytes)
    }

    mutating func add(_ name: String, texts: [String]) {
        addName(name)
        bytes.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSONString.appendQuoted(text, to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Adds JSON that was checked, or written by this type.
    mutating func add(_ name: String, _ json: some Collection<UInt8>) {
        addName(name)
        bytes += json
    }

    /// Adds JSON that stands in the source.
    mutating func add(_ name: String, literal: StaticString) {
        addName(name)
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    consuming func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private mutating func addName(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        JSONString.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }
}
