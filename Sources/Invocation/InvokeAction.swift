// SPDX-License-Identifier: Apache-2.0

/// The two actions of the cloud's API that run a function. The raw values are those of `Action`.
public enum InvokeAction: String, Sendable, CaseIterable {
    /// Runs it and waits, or starts it; 20 calls a second (document 583/17243).
    case invoke = "Invoke"
    /// Runs it and waits; 10,000 calls a second (document 583/58400).
    case invokeFunction = "InvokeFunction"

    /// Which version or alias runs where a call names none.
    public var defaultQualifier: String {
        switch self {
        case .invoke: "$LATEST"
        case .invokeFunction: "$DEFAULT"
        }
    }

    /// The name under which a call carries the function's event.
    public var eventName: String {
        switch self {
        case .invoke: "ClientContext"
        case .invokeFunction: "Event"
        }
    }

    /// Whether the cloud's rate of 20 calls a second holds for it.
    public var isPaced: Bool { self == .invoke }
}
