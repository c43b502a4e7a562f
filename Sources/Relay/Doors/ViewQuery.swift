// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// The query of a view: each parameter is known, none has two values. One without a value counts as one that is not there,
/// as a form sends all that was left empty.
struct ViewQuery {
    /// What has a value, in the order in which it came.
    let pairs: [(name: String, value: String)]

    /// Entries that an answer to a program may be asked to have.
    static let limits = 1...10_000
    /// Entries of a page, whatever it is asked to have.
    static let pageLimit = 200

    private static let maximumParameters = 32
    /// The language of the page: every view has it, and ``PageLanguage`` reads it.
    private static let language = "lang"

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - call: The request.
    ///   - names: The parameters that the view has, besides its language.
    /// - Throws: `UnknownParameter`, which lists what there is; `InvalidParameterValue` for a second value and for control
    ///   characters; `InvalidParameter` for too many parameters.
    init(_ call: HTTPCall, _ names: [String]) throws(CloudError) {
        guard let all = QueryText.pairs(ArraySlice(call.query.utf8), maximumCount: Self.maximumParameters) else {
            throw CloudError("InvalidParameter", "There are more than \(Self.maximumParameters) parameters.")
        }
        let known = names + [Self.language]
        var pairs: [(name: String, value: String)] = []
        for (name, value) in all {
            guard known.contains(name) else { throw .unknownParameter(name, known: known) }
            if value.isEmpty { continue }
            guard !pairs.contains(where: { $0.name == name }) else { throw .repeatedParameter(name) }
            guard !value.unicodeScalars.contains(where: \.isControl) else {
                throw CloudError("InvalidParameterValue", "The value of \(name) has a control character in it.")
            }
            pairs.append((name, value))
        }
        self.pairs = pairs
    }

    /// The value of a parameter; `nil` where it is absent.
    subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    /// What the value of a parameter means; `nil` where it is absent.
    ///
    /// - Parameters:
    ///   - name: The parameter.
    ///   - right: What would be right, for whoever has written something else.
    ///   - read: Finds the meaning; `nil` where there is none.
    /// - Returns: The meaning.
    /// - Throws: `InvalidParameterValue`.
    func value<Value>(
        _ name: String, _ right: String, _ read: (String) -> Value?
    ) throws(CloudError) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = read(text) else { throw .wrongValue(of: name, right) }
        return value
    }

    /// How many entries the answer shall have; `nil` where the address does not say.
    func limit() throws(CloudError) -> Int? {
        let right = "\(Self.limits.lowerBound) to \(Self.limits.upperBound)"
        return try value("limit", right) { text in Int(text).flatMap { Self.limits.contains($0) ? $0 : nil } }
    }

    /// HTML or JSON: what the address says, else what `Accept` likes better, else JSON.
    func format(for call: HTTPCall) throws(CloudError) -> AnswerFormat {
        let formats: [String: AnswerFormat] = ["html": .html, "json": .json]
        if let format = try value("format", "html, json", { formats[$0] }) { return format }
        return ContentNegotiation.format(accept: call.accept, fallback: .json)
    }

    /// Some of the parameters as a query again, with others added.
    func text(keeping names: [String], _ more: [(name: String, value: String)] = []) -> String {
        QueryText.encoded(pairs.filter { names.contains($0.name) } + more)
    }
}

extension CloudError {
    /// There is no such parameter. The name is repeated where it is one that somebody may have meant.
    static func unknownParameter(_ name: String, known: [String]) -> CloudError {
        let isReadable =
            name.utf8.count <= 64
            && name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        let all = known.joined(separator: ", ")
        guard isReadable else {
            return CloudError(
                "UnknownParameter",
                LocalizedText(
                    zh: "参数名过长或含控制字符。可用参数：\(all)。",
                    en: "A parameter's name is too long or has control characters. Known parameters: \(all)."))
        }
        return CloudError(
            "UnknownParameter",
            LocalizedText(
                zh: "未定义参数 \(name)。可用参数：\(all)。", en: "Unknown parameter `\(name)`. Known parameters: \(all)."))
    }

    /// The value of a parameter means nothing.
    static func wrongValue(of name: String, _ right: String) -> CloudError {
        CloudError(
            "InvalidParameterValue",
            LocalizedText(
                zh: "参数 \(name) 的值无效，应为：\(right)。",
                en: "The value of \(name) is not right; it must be: \(right)."))
    }
}
