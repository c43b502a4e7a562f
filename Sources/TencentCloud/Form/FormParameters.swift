// SPDX-License-Identifier: Apache-2.0

/// One parameter of a form or a query, decoded.
public struct FormParameter: Sendable {
    /// The name.
    public let name: String
    /// The bytes of the value.
    public let value: ArraySlice<UInt8>

    /// The value as text; `nil` where it is not UTF-8.
    public var text: String? { String(validating: value, as: UTF8.self) }
}

/// The parameters of `application/x-www-form-urlencoded` text, each name once, in the order in which they came.
///
/// It is strict where a signature is at stake: a piece without `=`, a `%` that no two hexadecimal digits follow, a name
/// that comes twice could all be read in more than one way.
public struct FormParameters: Sendable {
    /// The media type.
    public static let mediaType = "application/x-www-form-urlencoded"
    /// How many parameters are read. Invoke has at most nineteen with the common ones; lists take one for each element.
    public static let maximumCount = 256
    /// Bytes of a name, as it is written.
    public static let maximumNameBytes = 256

    /// The parameters.
    public let all: [FormParameter]

    /// Reads parameters. Values stay slices of `text` where nothing in them is encoded.
    ///
    /// - Throws: `InvalidParameter` where the text breaks the form; `InvalidParameterValue` where a name comes twice.
    public init(_ text: ArraySlice<UInt8>) throws(CloudError) {
        var all: [FormParameter] = []
        var names: Set<String> = []
        var start = text.startIndex
        while start < text.endIndex {
            let end = firstIndex(of: UInt8(ascii: "&"), in: text[start...]) ?? text.endIndex
            if end > start {
                guard all.count < Self.maximumCount else { throw Self.tooMany }
                let parameter = try Self.parameter(text[start..<end])
                guard names.insert(parameter.name).inserted else { throw .repeatedParameter(parameter.name) }
                all.append(parameter)
            }
            start = end + 1
        }
        self.all = all
    }

    /// The text of a parameter; `nil` where it is absent or not UTF-8.
    public subscript(name: String) -> String? {
        all.first { $0.name == name }?.text
    }

    private static func parameter(_ piece: ArraySlice<UInt8>) throws(CloudError) -> FormParameter {
        // The sign is looked for where a name may end, so that a long value is not searched for it.
        guard let sign = piece.prefix(maximumNameBytes + 1).firstIndex(of: UInt8(ascii: "=")), sign > piece.startIndex
        else { throw noName }
        guard let name = String(validating: try decode(piece[..<sign]), as: UTF8.self),
            !HeaderText.hasControlCharacter(name)
        else { throw badName }
        return FormParameter(name: name, value: try decode(piece[(sign + 1)...]))
    }

    private static func decode(_ text: ArraySlice<UInt8>) throws(CloudError) -> ArraySlice<UInt8> {
        switch percentDecoded(text) {
        case .unchanged: return text
        case .decoded(let bytes): return bytes[...]
        case .malformed: throw badEscape
        }
    }

    /// The English text is the cloud's own.
    private static let noName = CloudError(
        "InvalidParameter",
        LocalizedText(zh: "参数格式错误：参数名与参数值之间须以 `=` 分隔。", en: "Url key and value should be splited by `=`."))
    private static let badName = CloudError(
        "InvalidParameter",
        LocalizedText(
            zh: "参数格式错误：参数名须为 UTF-8 文本，且不含控制字符。",
            en: "The name of a parameter is not UTF-8, or has control characters."))
    private static let badEscape = CloudError(
        "InvalidParameter",
        LocalizedText(
            zh: "参数格式错误：`%` 之后须为两位十六进制数字；`%` 本身写作 %25。",
            en: "Two hexadecimal digits must follow `%`; write %25 for the sign itself."))
    private static let tooMany = CloudError(
        "InvalidParameter",
        LocalizedText(
            zh: "参数错误：参数超过 \(maximumCount) 个。", en: "There are more than \(maximumCount) parameters."))
}
