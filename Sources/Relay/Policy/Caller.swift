// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// Somebody who may call the relay's cloud API.
public struct Caller: Sendable {
    /// The name that the log has.
    public var name: String
    /// What the caller signs with: one key, or two while it is replaced.
    public var keys: [Credential]
    /// What the caller may run: some or all of what the relay may call.
    public var functions: [FunctionList.Entry]
    /// Calls of this caller that may start in any second; 0 where only the rate of all callers holds.
    public var requestsPerSecond: Int

    /// Creates a caller.
    public init(name: String, keys: [Credential], functions: [FunctionList.Entry], requestsPerSecond: Int = 0) {
        self.name = name
        self.keys = keys
        self.functions = functions
        self.requestsPerSecond = requestsPerSecond
    }
}
