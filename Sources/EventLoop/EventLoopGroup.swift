// SPDX-License-Identifier: Apache-2.0

import CEpoll

/// Loops that share the work: one a core, nothing shared between them.
public struct EventLoopGroup: Sendable {
    /// The loops, in order of their index.
    public let loops: [EventLoop]

    /// Starts `count` loops; one for each core that this process may use, unless said otherwise.
    public init(count: Int? = nil) throws(SystemError) {
        var loops: [EventLoop] = []
        do throws(SystemError) {
            for index in 0..<max(1, count ?? Int(linux_usable_cores())) { loops.append(try EventLoop(index: index)) }
        } catch {
            for loop in loops { loop.stop() }
            throw error
        }
        self.loops = loops
    }

    /// The loop that the caller runs on, else the first.
    public var current: EventLoop {
        guard let current = EventLoop.current, current.index < loops.count, loops[current.index] === current else {
            return loops[0]
        }
        return current
    }

    /// Stops every loop.
    public func stop() {
        for loop in loops { loop.stop() }
    }
}
