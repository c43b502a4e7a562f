// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The `context` that a handler is given as its second argument, with the cloud's names.
struct FunctionContext: Encodable {
    let requestId: String
    let functionName: String
    let namespace: String
    let functionVersion: String
    let memoryLimitInMB: Int
    let timeLimitInMs: Int
    /// The function's variables as JSON text.
    let environment: String
    /// The same as `NAME=value;NAME=value`.
    let environ: String
    let region: String

    private enum CodingKeys: String, CodingKey {
        case requestId = "request_id"
        case functionName = "function_name"
        case namespace
        case functionVersion = "function_version"
        case memoryLimitInMB = "memory_limit_in_mb"
        case timeLimitInMs = "time_limit_in_ms"
        case environment
        case environ
        case region = "tencentcloud_region"
        case appId = "tencentcloud_appid"
        case uin = "tencentcloud_uin"
    }

    init(of function: Function, requestId: String, region: String) {
        self.requestId = requestId
        self.region = region
        functionName = function.name
        namespace = function.namespace
        functionVersion = function.version.description
        memoryLimitInMB = function.settings.memoryMB
        timeLimitInMs = function.settings.timeoutSeconds * 1000
        let variables = function.settings.environment.merging(["SCF_NAMESPACE": function.namespace]) { own, _ in own }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        environment = String(decoding: (try? encoder.encode(variables)) ?? Data(), as: UTF8.self)
        environ = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(requestId, forKey: .requestId)
        try fields.encode(functionName, forKey: .functionName)
        try fields.encode(namespace, forKey: .namespace)
        try fields.encode(functionVersion, forKey: .functionVersion)
        try fields.encode(memoryLimitInMB, forKey: .memoryLimitInMB)
        try fields.encode(timeLimitInMs, forKey: .timeLimitInMs)
        try fields.encode(environment, forKey: .environment)
        try fields.encode(environ, forKey: .environ)
        try fields.encode(region, forKey: .region)
        // There is no account on this machine, but code that reads these should not fail for a missing key.
        try fields.encode("", forKey: .appId)
        try fields.encode("", forKey: .uin)
    }
}
