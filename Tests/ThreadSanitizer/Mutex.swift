// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Synchronization's Mutex over a pthread mutex, for runs under the thread sanitizer alone.
///
/// Synchronization's own waits in the kernel (FUTEX_LOCK_PI), which hands the lock over by writing the word itself. The
/// sanitizer sees neither that nor the library's part of it, and calls whatever a contended Mutex guards a race. It knows
/// pthread mutexes. `script/sanitize thread` puts this file into a copy of each module that has a Mutex, where it hides the
/// other; `Probe.swift` shows that both are needed, and that real races are still found.
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {  // the lock makes it so
    // A pthread mutex must not move, so it has a place of its own.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    init(_ initialValue: consuming sending Value) {
        lock = .allocate(capacity: 1)
        lock.initialize(to: pthread_mutex_t())
        pthread_mutex_init(lock, nil)
        value = .allocate(capacity: 1)
        value.initialize(to: initialValue)
    }

    deinit {
        pthread_mutex_destroy(lock)
        lock.deallocate()
        value.deinitialize(count: 1)
        value.deallocate()
    }

    borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return try body(&value.pointee)
    }
}
