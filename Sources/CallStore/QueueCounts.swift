// SPDX-License-Identifier: Apache-2.0

/// How much a store holds, for whoever watches.
public struct QueueCounts: Sendable, Equatable {
    /// Calls that are delivered alike.
    public struct Queue: Sendable, Equatable {
        /// Calls that wait, due or not.
        public var waiting = 0
        /// Calls that are being delivered.
        public var running = 0
        /// Time since the oldest of those that wait was accepted; `nil` where none waits.
        public var oldestAge: Duration?

        /// An empty queue.
        public init() {}
    }

    /// Calls of functions.
    public var functions = Queue()
    /// Results on their way.
    public var callbacks = Queue()
    /// Calls that were given up.
    public var dead = 0
    /// Calls that may have been delivered, or not.
    public var unknown = 0
    /// Bytes of payloads, remembered answers and what is noted about them.
    public var bytes = 0
    /// Bytes that the store may hold.
    public var maximumBytes = 0

    /// An empty store.
    public init() {}
}
