// SPDX-License-Identifier: Apache-2.0

// Errors about parameters that several readers make, in the cloud's words where those are known.

extension CloudError {
    /// A parameter that must be there is not. `name` is without `X-TC-`, as the cloud says it.
    public static func missingParameter(_ name: String) -> CloudError {
        CloudError(
            "MissingParameter",
            LocalizedText(
                zh: "请求缺少必需的参数 `\(name)`。", en: "The request is missing a required parameter `\(name)`."))
    }

    /// A parameter is there more than once; which of them counts is not for the reader to guess.
    public static func repeatedParameter(_ name: String) -> CloudError {
        CloudError(
            "InvalidParameterValue",
            LocalizedText(
                zh: "参数取值错误：`\(name)` 出现了不止一次。", en: "\(name) is given more than once; give it once."))
    }
}
