// SPDX-License-Identifier: Apache-2.0

/// A parameter of a call that a caller may set, under the name that Invoke gives it.
public enum InvokeParameter: String, Sendable, CaseIterable {
    /// The function to run; the only one that must be there.
    case functionName = "FunctionName"
    /// `RequestResponse` or `Event`.
    case invocationType = "InvocationType"
    /// Version or alias.
    case qualifier = "Qualifier"
    /// The function's event: JSON text. InvokeFunction calls it `Event`.
    case clientContext = "ClientContext"
    /// `None` or `Tail`.
    case logType = "LogType"
    /// The function's namespace.
    case namespace = "Namespace"
    /// The cloud's region.
    case region = "Region"
    /// JSON text of string pairs.
    case routingKey = "RoutingKey"
}
