// SPDX-License-Identifier: Apache-2.0

import CallStore

/// Knows the memory that a function is billed by. An answer of Invoke says only how much a run has used.
protocol FunctionMemory: Sendable {
    /// MemorySize, in MB; `nil` where it cannot be found out.
    func memorySize(of function: FunctionVersion) async -> Int?
}

/// A version of a function.
struct FunctionVersion: Hashable, Sendable {
    var namespace: String
    var functionName: String
    /// Empty for the cloud's choice.
    var qualifier: String
    /// Empty for the configured one.
    var region: String
}

extension FunctionVersion {
    /// The version that a call has run.
    init(_ call: HistoryCall) {
        self.init(
            namespace: call.namespace, functionName: call.functionName, qualifier: call.qualifier, region: call.region)
    }
}

/// Knows none.
struct UnknownMemory: FunctionMemory {
    func memorySize(of function: FunctionVersion) async -> Int? { nil }
}
