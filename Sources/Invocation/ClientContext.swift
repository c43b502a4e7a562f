// SPDX-License-Identifier: Apache-2.0

public import StrictJSON
public import TencentCloud

/// The function's event: JSON text, checked once, then passed on byte for byte.
///
/// It stays a slice of the request's body, in whichever form it lay there: as plain text (a form's field, a file) or
/// quoted (a string in a JSON body). Where it lay quoted it goes to the cloud as it lay; it is never decoded and encoded
/// again.
public struct ClientContext: Sendable {
    private enum Form: Sendable {
        case plain(QuotableText)
        case quoted(literal: ArraySlice<UInt8>)
    }

    private let form: Form
    /// Bytes of the text.
    public let byteCount: Int

    /// Takes JSON text as it is.
    ///
    /// - Parameters:
    ///   - json: The text. The slice, and with it the buffer that it belongs to, is kept.
    ///   - name: What the caller calls it, for messages.
    ///   - limits: Give its size and depth.
    /// - Throws: `RequestSizeLimitExceeded`; `InvalidParameterValue.Param` where the text is not JSON.
    public init(
        json: ArraySlice<UInt8>, named name: String = InvokeAction.invoke.eventName, limits: Limits
    ) throws(CloudError) {
        try Self.check(byteCount: json.count, name, limits: limits)
        do throws(JSONSyntaxError) {
            try JSONValidator.validate(json, maximumDepth: limits.nestingDepth)
        } catch {
            throw Self.notJSON(error, name)
        }
        self.init(checked: json)
    }

    /// Takes JSON text as it is; no bytes mean no ClientContext.
    ///
    /// - Throws: What ``init(json:limits:)`` throws.
    public init?(
        ifAny json: ArraySlice<UInt8>, named name: String = InvokeAction.invoke.eventName, limits: Limits
    ) throws(CloudError) {
        if json.isEmpty { return nil }
        try self.init(json: json, named: name, limits: limits)
    }

    /// Takes a value of a JSON document that a reader has passed, as the bytes that it has there.
    ///
    /// - Throws: `RequestSizeLimitExceeded`.
    public init(
        checkedValue json: ArraySlice<UInt8>, named name: String = InvokeAction.invoke.eventName, limits: Limits
    ) throws(CloudError) {
        try Self.check(byteCount: json.count, name, limits: limits)
        self.init(checked: json)
    }

    /// Takes a JSON string whose text is JSON; an empty string means no ClientContext.
    ///
    /// - Throws: `RequestSizeLimitExceeded`; `InvalidParameterValue.Param` where the text is not JSON.
    public init?(
        ifAny string: QuotedJSON, named name: String = InvokeAction.invoke.eventName, limits: Limits
    ) throws(CloudError) {
        if string.byteCount == 0 { return nil }
        try Self.check(byteCount: string.byteCount, name, limits: limits)
        if let error = string.syntaxError { throw Self.notJSON(error, name) }
        form = .quoted(literal: string.literal)
        byteCount = string.byteCount
    }

    private init(checked json: ArraySlice<UInt8>) {
        form = .plain(QuotableText(json))
        byteCount = json.count
    }

    private static func check(byteCount: Int, _ name: String, limits: Limits) throws(CloudError) {
        guard byteCount > limits.clientContextBytes else { return }
        let size = byteCount.grouped
        let limit = limits.clientContextBytes.grouped
        throw CloudError(
            "RequestSizeLimitExceeded", "\(name) is \(size) bytes; at most \(limit) are allowed.")
    }

    private static func notJSON(_ error: JSONSyntaxError, _ name: String) -> CloudError {
        CloudError("InvalidParameterValue.Param", "\(name) is not JSON: \(error).")
    }
}

extension ClientContext {
    /// Bytes that ``appendQuoted(to:)`` adds.
    public var quotedByteCount: Int {
        switch form {
        case .plain(let text): text.quotedByteCount
        case .quoted(let literal): literal.count
        }
    }

    /// The JSON string as it lay in the caller's request; `nil` where the text lay plain.
    var quotedLiteral: ArraySlice<UInt8>? {
        if case .quoted(let literal) = form { literal } else { nil }
    }

    /// Appends the text as a JSON string, quotes included.
    public func appendQuoted(to output: inout [UInt8]) {
        switch form {
        case .plain(let text): text.append(to: &output)
        case .quoted(let literal): output.append(contentsOf: literal)
        }
    }

    /// The text itself: what the function gets.
    public var text: [UInt8] {
        switch form {
        case .plain(let text): Array(text.text)
        case .quoted(let literal): JSONString.unescaped(checkedLiteral: literal)
        }
    }
}
