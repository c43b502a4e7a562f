// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// A parameter of the Invoke API that a caller may set, under the API's own name.
public enum InvokeParameter: String, Sendable, CaseIterable {
    /// The function to run; the only one that must be there.
    case functionName = "FunctionName"
    /// `RequestResponse` or `Event`.
    case invocationType = "InvocationType"
    /// Version or alias.
    case qualifier = "Qualifier"
    /// The function's event: JSON text.
    case clientContext = "ClientContext"
    /// `None` or `Tail`.
    case logType = "LogType"
    /// The function's namespace.
    case namespace = "Namespace"
    /// The cloud's region.
    case region = "Region"
    /// JSON text of string pairs.
    case routingKey = "RoutingKey"

    /// Finds the parameter that a field's name means.
    ///
    /// - Throws: `UnknownParameter`, which names the field and lists what there is.
    public init(named name: String, limits: Limits) throws(CloudError) {
        guard name.utf8.count <= limits.fieldNameBytes else {
            throw Self.unknown(
                "A field name is \(name.utf8.count) bytes long; at most \(limits.fieldNameBytes) are allowed")
        }
        guard let parameter = Self(rawValue: name) else {
            let isPrintable = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            throw Self.unknown(isPrintable ? "Unknown parameter `\(name)`" : "A field name has control characters")
        }
        self = parameter
    }

    private static func unknown(_ what: String) -> CloudError {
        let known = allCases.map(\.rawValue).joined(separator: ", ")
        return CloudError("UnknownParameter", "\(what). Known parameters: \(known).")
    }
}
