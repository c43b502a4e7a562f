// SPDX-License-Identifier: Apache-2.0

/// The trace that a call belongs to, as W3C Trace Context writes it (<https://www.w3.org/TR/trace-context/>): taken from
/// whoever calls, passed on to whoever is called.
///
/// No random numbers are made for it: the request id is 16 random bytes already. A call that brings no trace begins one
/// whose id is the request id without its dashes; and the id of the relay's own part in a trace, which it passes on as
/// `parent-id`, is the second half of the request id. So both can be told from a line of the log.
public struct TraceContext: Sendable, Equatable {
    /// The request id, or one like it where that has another form.
    private let id: String
    /// What the request has brought.
    private let parent: Traceparent?
    /// What tracing systems on the way have added (`tracestate`), to be passed on as it is; empty for nothing.
    public let state: String

    /// The flags that are defined so far. "The behavior of other flags is not defined" and they "MUST be set to zero".
    private static let knownFlags: UInt8 = 0b11

    /// Goes on with the trace of a request, or begins one where the request has none, or one that breaks the rules.
    ///
    /// - Parameters:
    ///   - traceparent: The header field, each time that it was there. Twice is as good as never.
    ///   - tracestate: The header field, each time that it was there.
    ///   - requestId: The id of this call.
    public init(traceparent: [String], tracestate: [String], requestId: String) {
        id = Self.usable(requestId)
        parent = traceparent.count == 1 ? Traceparent(traceparent[0]) : nil
        state = parent == nil ? "" : Tracestate.passedOn(tracestate)
    }

    /// Begins a trace that nobody records.
    public init(requestId: String) {
        id = Self.usable(requestId)
        parent = nil
        state = ""
    }

    /// 32 hexadecimal digits: the same for all that takes part in the trace.
    public var traceId: String {
        if let parent { return parent.traceId }
        return withDigits { digits in
            String(unsafeUninitializedCapacity: 32) { Self.copy(digits, to: $0, at: 0) }
        }
    }

    /// 16 hexadecimal digits: this call's own part in it.
    public var spanId: String { String(traceparent.dropFirst(36).prefix(16)) }

    /// Bit 0: whoever began the trace records it. Bit 1: its id is random in the whole. Others are zero.
    public var flags: UInt8 { (parent?.flags ?? 0) & Self.knownFlags }

    /// The field `traceparent` for whoever is called.
    public var traceparent: String {
        var trace = parent?.traceId ?? ""
        return withDigits { digits in
            String(unsafeUninitializedCapacity: 55) { text in
                Self.fill(text, digits)
                // A trace that was brought has 32 digits too.
                trace.withUTF8 { _ = Self.copy($0, to: text, at: 3) }
                // Two bits are one digit.
                text[54] = UInt8(ascii: "0") + flags
                return 55
            }
        }
    }

    /// The header fields for whoever is called.
    public var headerFields: [(name: String, value: String)] {
        state.isEmpty ? [("traceparent", traceparent)] : [("traceparent", traceparent), ("tracestate", state)]
    }

    // MARK: Digits

    /// A request id has 32 digits, not all of them zero, which no trace may have. Any other text is replaced.
    private static func usable(_ requestId: String) -> String {
        guard requestId.utf8.count == 36 else { return random() }
        var requestId = requestId
        let isUsable = requestId.withUTF8 { bytes in
            var isZero = true
            for (index, byte) in bytes.enumerated() {
                if index == 8 || index == 13 || index == 18 || index == 23 {
                    guard byte == UInt8(ascii: "-") else { return false }
                } else {
                    guard Traceparent.isDigit(byte) else { return false }
                    isZero = isZero && byte == UInt8(ascii: "0")
                }
            }
            return !isZero
        }
        return isUsable ? requestId : random()
    }

    private static func random() -> String {
        let digits = Array("123456789abcdef")
        func group(_ count: Int) -> String { String((0..<count).map { _ in digits[Int.random(in: digits.indices)] }) }
        return [8, 4, 4, 4, 12].map(group).joined(separator: "-")
    }

    /// Lends the id's 36 bytes. Ids are native strings, so nothing is copied.
    private func withDigits<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var id = id
        return id.withUTF8(body)
    }

    /// Writes a `traceparent` of a trace that begins here, but for its last digit.
    private static func fill(_ text: UnsafeMutableBufferPointer<UInt8>, _ digits: UnsafeBufferPointer<UInt8>) {
        let dash = UInt8(ascii: "-")
        text[0] = UInt8(ascii: "0")
        text[1] = UInt8(ascii: "0")
        text[2] = dash
        copy(digits, to: text, at: 3)
        text[35] = dash
        // The second half, or the first where the second is zero, which no part of a trace may be.
        let isZero = (19..<35).allSatisfy { text[$0] == UInt8(ascii: "0") }
        for index in 0..<16 { text[36 + index] = text[(isZero ? 3 : 19) + index] }
        text[52] = dash
        text[53] = UInt8(ascii: "0")
    }

    /// Copies the digits among these bytes, 32 at the most. (As memory: text that grows piece by piece costs some 2,000
    /// instructions more a call. Whoever calls has room for 32 from `start` on.)
    ///
    /// - Returns: How many.
    @discardableResult
    private static func copy(
        _ digits: UnsafeBufferPointer<UInt8>, to text: UnsafeMutableBufferPointer<UInt8>, at start: Int
    ) -> Int {
        var next = start
        for byte in digits where byte != UInt8(ascii: "-") && next < start + 32 {
            text[next] = byte
            next += 1
        }
        return next - start
    }
}

/// The header field `traceparent`, read by the rules: `00-TRACE-PARENT-FLAGS` in small hexadecimal digits.
struct Traceparent: Sendable, Equatable {
    let traceId: String
    let flags: UInt8

    private static let length = 55

    /// - Returns: `nil` for what breaks a rule.
    init?(_ text: String) {
        let bytes = Array(text.utf8.prefix(Self.length + 1))
        guard bytes.count >= Self.length, bytes[2] == Self.dash, bytes[35] == Self.dash, bytes[52] == Self.dash else {
            return nil
        }
        let (version, trace, parent, flags) = (bytes[..<2], bytes[3..<35], bytes[36..<52], bytes[53..<55])
        guard [version, trace, parent, flags].allSatisfy({ $0.allSatisfy(Self.isDigit) }) else { return nil }
        guard !version.elementsEqual("ff".utf8), !Self.isZero(trace), !Self.isZero(parent) else { return nil }
        // Later versions may have more, behind another dash; what is known of them is read all the same.
        if bytes.count > Self.length {
            guard !version.elementsEqual("00".utf8), bytes[Self.length] == Self.dash else { return nil }
        }
        traceId = String(decoding: trace, as: UTF8.self)
        self.flags = UInt8(String(decoding: flags, as: UTF8.self), radix: 16) ?? 0
    }

    private static let dash = UInt8(ascii: "-")

    static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6
    }

    static func isZero(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.allSatisfy { $0 == UInt8(ascii: "0") }
    }
}
