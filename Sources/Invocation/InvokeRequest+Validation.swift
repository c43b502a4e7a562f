// SPDX-License-Identifier: Apache-2.0

import StrictJSON
public import TencentCloud

extension InvokeRequest {
    /// Checks the fields of a call.
    ///
    /// - Parameters:
    ///   - fields: What a body or a query gave.
    ///   - limits: Give lengths.
    /// - Throws: `MissingParameter` without a FunctionName; `InvalidParameterValue` for a value that cannot be right.
    public init(_ fields: InvokeFields, limits: Limits) throws(CloudError) {
        guard let name = fields[.functionName] else {
            throw .missingParameter("FunctionName")
        }
        action = fields.names.action
        functionName = try Self.checkedFunctionName(name, limits: limits)
        invocationType = try Self.choice(.invocationType, in: fields) ?? .requestResponse
        qualifier = try fields[.qualifier].map { value throws(CloudError) in
            try Self.checkedQualifier(value, limits: limits)
        }
        clientContext = fields.clientContext
        logType = try Self.choice(.logType, in: fields) ?? .none
        namespace = try fields[.namespace].map { value throws(CloudError) in
            try Self.checkedNamespace(value, limits: limits)
        }
        region = try fields[.region].map { value throws(CloudError) in
            try Self.checkedRegion(value, limits: limits)
        }
        routingKey = try fields[.routingKey].map { value throws(CloudError) in
            try Self.checkedRoutingKey(value, limits: limits)
        }
    }

    /// Checks names and values as they come from a query or a decoded form.
    ///
    /// - Throws: What ``InvokeFields`` and ``init(_:limits:)`` throw.
    public init(parameters: some Sequence<(name: String, value: String)>, limits: Limits) throws(CloudError) {
        try self.init(InvokeFields(parameters, limits: limits), limits: limits)
    }
}

// MARK: - One rule a parameter

extension InvokeRequest {
    /// The rule of document 583/11637.
    private static func checkedFunctionName(_ value: String, limits: Limits) throws(CloudError) -> String {
        try checked(
            value, .functionName, upTo: limits.functionNameCharacters,
            "1 to \(limits.functionNameCharacters) letters, digits, '-' and '_', the first a letter"
        ) { character, isFirst in
            isFirst ? character.isLetter : character.isNameCharacter
        }
    }

    /// `$LATEST`, `$DEFAULT`, a version number, an alias.
    private static func checkedQualifier(_ value: String, limits: Limits) throws(CloudError) -> String {
        if value == "$LATEST" || value == "$DEFAULT" { return value }
        return try checked(
            value, .qualifier, upTo: limits.qualifierCharacters,
            "$LATEST, $DEFAULT, a version number or an alias of at most \(limits.qualifierCharacters) letters, digits, "
                + "'-' and '_'"
        ) { character, isFirst in
            isFirst ? character.isLetterOrDigit : character.isNameCharacter
        }
    }

    /// The cloud's text: "Namespace为英文字母、数字、-_ 符号组成".
    private static func checkedNamespace(_ value: String, limits: Limits) throws(CloudError) -> String {
        try checked(
            value, .namespace, upTo: limits.namespaceCharacters,
            "1 to \(limits.namespaceCharacters) letters, digits, '-' and '_'"
        ) { character, _ in
            character.isNameCharacter
        }
    }

    /// Any name that looks like a region: the list of regions grows without us. It becomes part of a host name.
    private static func checkedRegion(_ value: String, limits: Limits) throws(CloudError) -> String {
        try checked(
            value, .region, upTo: limits.regionCharacters,
            "1 to \(limits.regionCharacters) small letters, digits and '-', such as ap-guangzhou"
        ) { character, isFirst in
            character.isSmallLetter || (!isFirst && (character.isDecimalDigit || character == UInt8(ascii: "-")))
        }
    }

    private static func checkedRoutingKey(_ value: String, limits: Limits) throws(CloudError) -> String {
        let bytes = Array(value.utf8)
        guard bytes.count <= limits.routingKeyBytes else {
            throw invalid(
                .routingKey, "\(bytes.count.grouped) bytes long; at most \(limits.routingKeyBytes.grouped) are allowed")
        }
        do throws(JSONSyntaxError) {
            var reader = try JSONObjectReader(bytes[...])
            while try reader.nextMember() != nil { _ = try reader.readString() }
        } catch {
            throw invalid(.routingKey, "not a JSON object of strings: \(error)")
        }
        return value
    }

    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ parameter: InvokeParameter, in fields: InvokeFields
    ) throws(CloudError) -> Choice? {
        guard let value = fields[parameter] else { return nil }
        guard let choice = Choice(rawValue: value) else {
            throw invalid(parameter, "neither \(Choice.allCases.map(\.rawValue).joined(separator: " nor "))")
        }
        return choice
    }

    /// Checks length and every character; the message names the first that is wrong by its place.
    private static func checked(
        _ value: String, _ parameter: InvokeParameter, upTo length: Int, _ right: @autoclosure () -> String,
        _ isAllowed: (_ character: UInt8, _ isFirst: Bool) -> Bool
    ) throws(CloudError) -> String {
        for (index, scalar) in value.unicodeScalars.enumerated() {
            guard index < length else {
                throw invalid(parameter, "longer than \(length) characters; right is: \(right())")
            }
            guard scalar.isASCII, isAllowed(UInt8(scalar.value), index == 0) else {
                throw invalid(parameter, "wrong at character \(index + 1); right is: \(right())")
            }
        }
        return value
    }

    private static func invalid(_ parameter: InvokeParameter, _ what: String) -> CloudError {
        CloudError("InvalidParameterValue", "\(parameter.rawValue) is \(what).")
    }
}

extension UInt8 {
    fileprivate var isSmallLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    fileprivate var isLetter: Bool { (self | 0x20).isSmallLetter }
    fileprivate var isDecimalDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    fileprivate var isLetterOrDigit: Bool { isLetter || isDecimalDigit }
    fileprivate var isNameCharacter: Bool {
        isLetterOrDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }
}
