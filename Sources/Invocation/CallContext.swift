// SPDX-License-Identifier: Apache-2.0

/// What belongs to a call besides what is to run: its ids, and who is behind it, for whoever watches calls.
public struct CallContext: Sendable, Equatable {
    /// The id of this call: for the log, and, where this side makes the answer, for the answer.
    public var requestId: String
    /// The trace that the call belongs to.
    public var trace: TraceContext
    /// The way the call came in.
    public var door: String
    /// Who called: a name or an address.
    public var caller: String

    /// Creates the context of a call.
    ///
    /// - Parameters:
    ///   - requestId: The id of this call.
    ///   - trace: The trace that the call belongs to; one of its own where absent.
    ///   - door: The way the call came in.
    ///   - caller: Who called.
    public init(requestId: String, trace: TraceContext? = nil, door: String = "", caller: String = "") {
        self.requestId = requestId
        self.trace = trace ?? TraceContext(requestId: requestId)
        self.door = door
        self.caller = caller
    }
}
