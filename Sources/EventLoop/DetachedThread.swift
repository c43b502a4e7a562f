// SPDX-License-Identifier: Apache-2.0

import CEpoll
import Glibc

/// A thread that lives as long as the process, or until its work is done; nobody waits for it.
package enum DetachedThread {
    /// Starts a detached thread. Signals are blocked on it: they are for the main thread.
    ///
    /// - Throws: `SystemError` where the system grants no thread.
    package static func start(named name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                // The one retain that `start` passed on.
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                linux_set_thread_name(start.name)
                start.body()
                return nil
            }, start.toOpaque())
        guard status == 0 else {
            start.release()
            throw SystemError("pthread_create", number: status)
        }
        pthread_detach(thread)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
