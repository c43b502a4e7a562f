// SPDX-License-Identifier: Apache-2.0

import CEpoll
import Glibc

/// Something that one thread waits for and others raise, at no cost for those who raise it: an eventfd.
struct LogSignal: Sendable {
    private let event: Int32

    init() {
        event = eventfd(0, Int32(EFD_CLOEXEC))
        precondition(event >= 0, "no descriptor for the log")
    }

    func raise() {
        eventfd_write(event, 1)
    }

    /// Waits until it is raised, and takes it back.
    func wait() {
        var value: eventfd_t = 0
        eventfd_read(event, &value)
    }

    /// Waits until it is raised, but not for ever.
    ///
    /// - Returns: Whether it was raised.
    func wait(milliseconds: Int32) -> Bool {
        var watched = pollfd(fd: event, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, milliseconds) > 0 else { return false }
        wait()
        return true
    }
}
