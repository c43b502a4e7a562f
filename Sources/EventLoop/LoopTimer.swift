// SPDX-License-Identifier: Apache-2.0

/// A timer that can be set again and again. Made by ``EventLoop/makeTimer(_:)`` and used on that loop's thread only.
public final class LoopTimer {
    /// When the timer fires; `nil` while it is not set. It fires once for each time it is set.
    public var deadline: Monotonic?

    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
