// SPDX-License-Identifier: Apache-2.0

import CEpoll
import EventLoop
import Glibc

/// Tells living relays from dead ones, without a clock: each holds a lock on one byte of a file, at its own number, and
/// the kernel lets go of it when the process ends, however it ends.
///
/// The file stays empty; locks lie beyond its end. It has to be on a disk of this machine.
final class OwnerLock: Sendable {
    /// This relay's number.
    let owner: Int64
    private let file: Int32

    /// Takes a number of its own.
    ///
    /// - Throws: `SystemError` where the file cannot be opened or locked.
    init(path: String) throws(SystemError) {
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError("open \(path)") }
        owner = Int64.random(in: 1...(.max / 2))
        guard linux_lock_byte(file, owner) == 0 else {
            let error = SystemError("lock \(path)")
            close(file)
            throw error
        }
    }

    deinit { close(file) }

    /// Whether a relay other than this one is gone. Where that cannot be told it is not.
    func isGone(_ other: Int64) -> Bool {
        other != owner && linux_is_byte_locked(file, other) == 0
    }
}
