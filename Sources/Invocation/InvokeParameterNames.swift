// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// Which parameters a caller may set, and what they are called: that differs between the ways in.
public struct InvokeParameterNames: Sendable {
    /// The action that a call with these parameters is one of.
    public let action: InvokeAction
    private let parameters: [InvokeParameter]

    /// Those of `/invoke`: what Invoke takes, and the region.
    public static let all = InvokeParameterNames(action: .invoke, parameters: InvokeParameter.allCases)

    /// Those of an action of the cloud's API, whose region is a common parameter.
    public init(_ action: InvokeAction) {
        self.init(
            action: action,
            parameters: InvokeParameter.allCases.filter { parameter in
                switch parameter {
                case .region: false
                case .invocationType: action == .invoke
                default: true
                }
            })
    }

    private init(action: InvokeAction, parameters: [InvokeParameter]) {
        self.action = action
        self.parameters = parameters
    }

    /// What a parameter is called.
    public func name(of parameter: InvokeParameter) -> String {
        parameter == .clientContext ? action.eventName : parameter.rawValue
    }

    /// The parameter that a field's name means.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - limits: Give its length.
    /// - Returns: The parameter.
    /// - Throws: `UnknownParameter`, which names the field and lists what there is.
    public func parameter(named name: String, limits: Limits) throws(CloudError) -> InvokeParameter {
        guard name.utf8.count <= limits.fieldNameBytes else {
            throw unknown(
                zh: "参数名过长",
                "A field name is \(name.utf8.count) bytes long; at most \(limits.fieldNameBytes) are allowed")
        }
        if let parameter = parameters.first(where: { self.name(of: $0) == name }) { return parameter }
        guard name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw unknown(zh: "参数名含控制字符", "A field name has control characters")
        }
        throw unknown(zh: name, "Unknown parameter `\(name)`")
    }

    /// The Chinese text is the cloud's own.
    private func unknown(zh: String, _ what: String) -> CloudError {
        let known = parameters.map(name).joined(separator: ", ")
        return CloudError(
            "UnknownParameter", LocalizedText(zh: "未定义参数 \(zh)", en: "\(what). Known parameters: \(known)."))
    }
}
