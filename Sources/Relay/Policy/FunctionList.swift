// SPDX-License-Identifier: Apache-2.0

public import Invocation
import TencentCloud

/// What may be called here; nothing else may.
public struct FunctionList: Sendable {
    /// A function that may be called.
    public struct Entry: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Its namespace.
        public var namespace: String
        /// What it does, for people; may be empty.
        public var description: String
        /// The action that its calls go out as; `nil` for the one that all use.
        public var action: InvokeAction?
        /// Its memory in MB, as the cloud is told; `nil` where that is not known here.
        public var memory: Int?

        /// Creates an entry.
        public init(
            name: String, namespace: String = "default", description: String = "", action: InvokeAction? = nil,
            memory: Int? = nil
        ) {
            self.name = name
            self.namespace = namespace
            self.description = description
            self.action = action
            self.memory = memory
        }
    }

    private struct Key: Hashable {
        let namespace: String
        let name: String
    }

    /// The functions, in the order in which they were given.
    public let entries: [Entry]
    private let keys: Set<Key>
    private let owner: String

    /// Creates a list.
    ///
    /// - Parameters:
    ///   - entries: The functions.
    ///   - owner: Whose list it is; for error messages.
    public init(_ entries: [Entry], of owner: String = "this relay") {
        self.entries = entries
        self.owner = owner
        keys = Set(entries.map { Key(namespace: $0.namespace, name: $0.name) })
    }

    /// Checks that a function may be called.
    ///
    /// - Throws: `UnauthorizedOperation.CAM` where it is not on the list.
    func check(_ request: InvokeRequest) throws(CloudError) {
        let namespace = request.namespace ?? "default"
        guard !keys.contains(Key(namespace: namespace, name: request.functionName)) else { return }
        throw CloudError(
            "UnauthorizedOperation.CAM",
            "The function \(namespace)/\(request.functionName) is not on the list of functions of \(owner).")
    }
}
