// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file descriptor with one owner, closed with it.
struct Descriptor: ~Copyable, Sendable {
    let rawValue: Int32

    /// Takes what a system call returned.
    init(_ rawValue: Int32, _ operation: String) throws(SystemError) {
        guard rawValue >= 0 else { throw SystemError(operation) }
        self.rawValue = rawValue
    }

    deinit {
        close(rawValue)
    }
}
