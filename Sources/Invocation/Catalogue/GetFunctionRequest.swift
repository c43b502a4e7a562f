// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// A call of `GetFunction`, validated.
public struct GetFunctionRequest: Sendable, Equatable {
    private enum ShowCode: String, CaseIterable {
        case yes = "TRUE"
        case no = "FALSE"
    }

    /// The function's name.
    public var functionName: String
    /// Version or alias; `nil` is `$LATEST`.
    public var qualifier: String?
    /// The namespace; `nil` is `default`.
    public var namespace: String?
    /// Whether the code of the handler's file is to be in the answer.
    public var showCode = false

    /// The latest version of a function of the default namespace.
    public init(functionName: String) {
        self.functionName = functionName
    }

    /// Checks names and values as they come from a JSON body, a form or a query.
    ///
    /// - Throws: `MissingParameter` without a FunctionName; `UnknownParameter`; `InvalidParameterValue`.
    public init(parameters: some Sequence<(name: String, value: String)>) throws(CloudError) {
        var parameters = try CatalogueParameters(parameters)
        guard let functionName = parameters.take("FunctionName") else {
            throw CloudError("MissingParameter", "The request is missing a required parameter `FunctionName`.")
        }
        self.functionName = functionName
        qualifier = parameters.take("Qualifier")
        namespace = parameters.take("Namespace")
        let choice: ShowCode? = try parameters.take("ShowCode", code: "InvalidParameterValue")
        showCode = choice == .yes
        try parameters.finish()
    }
}
