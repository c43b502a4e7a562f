// SPDX-License-Identifier: Apache-2.0

/// The bytes that the grammar of RFC 8259 names.
extension UInt8 {
    @inline(__always) static var quote: UInt8 { 0x22 }
    @inline(__always) static var backslash: UInt8 { 0x5C }
    @inline(__always) static var slash: UInt8 { 0x2F }
    @inline(__always) static var openingBrace: UInt8 { 0x7B }
    @inline(__always) static var closingBrace: UInt8 { 0x7D }
    @inline(__always) static var openingBracket: UInt8 { 0x5B }
    @inline(__always) static var closingBracket: UInt8 { 0x5D }
    @inline(__always) static var comma: UInt8 { 0x2C }
    @inline(__always) static var colon: UInt8 { 0x3A }
    @inline(__always) static var minus: UInt8 { 0x2D }
    @inline(__always) static var plus: UInt8 { 0x2B }
    @inline(__always) static var point: UInt8 { 0x2E }
    @inline(__always) static var zero: UInt8 { 0x30 }
    @inline(__always) static var space: UInt8 { 0x20 }
    @inline(__always) static var tab: UInt8 { 0x09 }
    @inline(__always) static var lineFeed: UInt8 { 0x0A }
    @inline(__always) static var carriageReturn: UInt8 { 0x0D }
    @inline(__always) static var lowercaseB: UInt8 { 0x62 }
    @inline(__always) static var lowercaseE: UInt8 { 0x65 }
    @inline(__always) static var lowercaseF: UInt8 { 0x66 }
    @inline(__always) static var lowercaseN: UInt8 { 0x6E }
    @inline(__always) static var lowercaseR: UInt8 { 0x72 }
    @inline(__always) static var lowercaseT: UInt8 { 0x74 }
    @inline(__always) static var lowercaseU: UInt8 { 0x75 }

    /// `0` to `9`.
    @inline(__always) var isDigit: Bool { self &- .zero < 10 }

    /// Whether a JSON value may begin with it.
    var beginsValue: Bool {
        switch self {
        case .quote, .openingBrace, .openingBracket, .minus, .zero, 0x31...0x39, .lowercaseT, .lowercaseF, .lowercaseN:
            true
        default: false
        }
    }

    /// Space, tab, line feed or carriage return.
    @inline(__always) var isWhitespace: Bool {
        self == .space || self == .lineFeed || self == .carriageReturn || self == .tab
    }

    /// What the letter after a backslash stands for; `nil` for `u` and for what is no escape.
    @inline(__always) var unescaped: UInt8? {
        switch self {
        case .quote, .backslash, .slash: self
        case .lowercaseB: 0x08
        case .lowercaseF: 0x0C
        case .lowercaseN: .lineFeed
        case .lowercaseR: .carriageReturn
        case .lowercaseT: .tab
        default: nil
        }
    }
}
