// SPDX-License-Identifier: Apache-2.0

/// A call of Invoke or InvokeFunction, validated: every parameter of the API page, and RoutingKey.
///
/// Source: <https://cloud.tencent.com/document/product/583/17243>, <https://cloud.tencent.com/document/product/583/58400>.
public struct InvokeRequest: Sendable {
    /// How a function is run.
    public enum InvocationType: String, Sendable, CaseIterable {
        /// Wait for the result (the default).
        case requestResponse = "RequestResponse"
        /// Start it and return at once.
        case event = "Event"
    }

    /// Whether the answer carries the end of the function's log.
    public enum LogType: String, Sendable, CaseIterable {
        /// No log (the default).
        case none = "None"
        /// The last 4 KB.
        case tail = "Tail"
    }

    /// The action that the caller has called; its defaults are meant where a parameter is absent.
    public internal(set) var action = InvokeAction.invoke
    /// The function's name: 1 to 60 letters, digits, `-` and `_`, the first a letter.
    public let functionName: String
    /// Synchronous or asynchronous.
    public let invocationType: InvocationType
    /// Version or alias; `nil` means the action's default, see ``qualifierInForce``.
    public let qualifier: String?
    /// The function's event, ClientContext or Event: JSON text, passed on byte for byte.
    public let clientContext: ClientContext?
    /// Whether the answer carries the end of the log.
    public let logType: LogType
    /// The function's namespace; `nil` leaves the choice (`default`) to the cloud.
    public let namespace: String?
    /// The cloud's region; `nil` means the configured one.
    public let region: String?
    /// Routing among versions: JSON text of string pairs, at most 1,024 bytes.
    public let routingKey: String?

    /// The version or alias that is meant: `$LATEST` where a call of Invoke names none, `$DEFAULT` with InvokeFunction.
    public var qualifierInForce: String { qualifier ?? action.defaultQualifier }

    // The initialiser that checks all this is in InvokeRequest+Validation.swift.
}
