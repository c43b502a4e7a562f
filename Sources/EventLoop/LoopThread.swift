// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The way back from a thread to the loop that it runs.
enum LoopThread {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let status = pthread_key_create(&key, nil)
        precondition(status == 0, "no thread-specific key left")
        return key
    }()

    /// The loop whose thread this is. The loop outlives its thread, which holds it while it runs.
    static var currentLoop: EventLoop? {
        get {
            // Set below from an object that the running thread retains, hence alive.
            pthread_getspecific(key).map { Unmanaged<EventLoop>.fromOpaque($0).takeUnretainedValue() }
        }
        set {
            pthread_setspecific(key, newValue.map { Unmanaged.passUnretained($0).toOpaque() })
        }
    }
}
