// SPDX-License-Identifier: Apache-2.0

/// The `Result` of a call, with the names of the API page.
///
/// Every text is kept as the cloud wrote it. For an `Event` call all but ``functionRequestId`` are empty or zero.
public struct InvokeResult: Sendable, Equatable {
    /// What the function returned, as text: opaque, often JSON.
    public var retMsg: String
    /// The error of the function itself; empty where it succeeded.
    public var errMsg: String
    /// The last 4 KB of the function's log, where LogType was Tail.
    public var log: String
    /// The id of this run.
    public var functionRequestId: String
    /// Time the run took, in milliseconds.
    public var duration: Double
    /// Time that is billed, in milliseconds.
    public var billDuration: Int
    /// Peak memory of the run, in bytes.
    public var memUsage: Int
    /// 0 where the function succeeded. No longer maintained by the cloud, which is why ``failed`` looks at ErrMsg too.
    public var invokeResult: Int

    /// Whether the function itself failed. The call was relayed all the same.
    public var failed: Bool { invokeResult != 0 || !errMsg.isEmpty }

    /// Creates a result; everything but the id is empty unless said otherwise.
    public init(
        retMsg: String = "", errMsg: String = "", log: String = "", functionRequestId: String, duration: Double = 0,
        billDuration: Int = 0, memUsage: Int = 0, invokeResult: Int = 0
    ) {
        self.retMsg = retMsg
        self.errMsg = errMsg
        self.log = log
        self.functionRequestId = functionRequestId
        self.duration = duration
        self.billDuration = billDuration
        self.memUsage = memUsage
        self.invokeResult = invokeResult
    }
}
