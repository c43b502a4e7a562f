// SPDX-License-Identifier: Apache-2.0

/// Which action of the cloud's API each call goes out as.
public struct ActionChoice: Sendable, Equatable {
    /// A function, by its whole name.
    public struct Function: Sendable, Hashable {
        let namespace: String
        let name: String

        /// Names a function.
        public init(name: String, namespace: String = "default") {
            self.name = name
            self.namespace = namespace
        }
    }

    private let usual: InvokeAction
    private let exceptions: [Function: InvokeAction]

    /// Creates a choice: one action for all functions, and the functions for which it is another.
    public init(_ usual: InvokeAction = .invoke, exceptions: [Function: InvokeAction] = [:]) {
        self.usual = usual
        self.exceptions = exceptions
    }

    /// The action that a call goes out as; always Invoke for an Event call, which InvokeFunction does not know.
    public func action(for request: InvokeRequest) -> InvokeAction {
        guard request.invocationType == .requestResponse else { return .invoke }
        if exceptions.isEmpty { return usual }
        let function = Function(name: request.functionName, namespace: request.namespace ?? "default")
        return exceptions[function] ?? usual
    }
}
