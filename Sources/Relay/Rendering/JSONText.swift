// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Writes JSON, member by member, in the order that a reader expects.
package struct JSONText {
    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Nothing yet.
    package init() {}

    /// Writes an object; `members` writes what is in it.
    package mutating func object(_ members: (inout JSONText) -> Void) {
        enclose(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    /// Writes an array; `elements` writes what is in it.
    package mutating func array(_ elements: (inout JSONText) -> Void) {
        enclose(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
    }

    /// Writes a member with a text.
    package mutating func member(_ name: String, _ value: String) {
        self.name(name)
        JSONString.appendQuoted(value, to: &bytes)
        needsComma = true
    }

    /// Writes a member with a number.
    package mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        bytes += String(value).utf8
        needsComma = true
    }

    /// Writes a member with a number; what is none is written as 0.
    package mutating func member(_ name: String, _ value: Double) {
        self.name(name)
        bytes += (value.isFinite ? String(value) : "0").utf8
        needsComma = true
    }

    /// Writes a member with a truth value.
    package mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bytes += (value ? "true" : "false").utf8
        needsComma = true
    }

    /// Writes an element that is a text.
    package mutating func element(_ value: String) {
        comma()
        JSONString.appendQuoted(value, to: &bytes)
        needsComma = true
    }

    /// Writes the name of a member; its value has to follow.
    package mutating func name(_ name: String) {
        comma()
        JSONString.appendQuoted(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func enclose(_ first: UInt8, _ last: UInt8, _ inner: (inout JSONText) -> Void) {
        comma()
        bytes.append(first)
        needsComma = false
        inner(&self)
        bytes.append(last)
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }
}
