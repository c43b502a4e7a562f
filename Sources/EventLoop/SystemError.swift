// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A system call that failed, and why.
public struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried, such as `bind /run/scf-relay/relay.sock`.
    public let operation: String
    /// The error number, as `errno` gave it.
    public let number: Int32

    /// Describes the failure of the call that just returned.
    public init(_ operation: String) {
        self.init(operation, number: errno)
    }

    /// Describes a failure with a given error number.
    public init(_ operation: String, number: Int32) {
        self.operation = operation
        self.number = number
    }

    /// For people: `bind /run/scf-relay/relay.sock: Permission denied`.
    public var description: String { "\(operation): \(String(cString: strerror(number)))" }
}
