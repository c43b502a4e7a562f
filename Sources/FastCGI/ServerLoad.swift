// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a server does right now, counted over all its loops.
final class ServerLoad: Sendable {
    let connections = Atomic(0)
    let requests = Atomic(0)
    /// Since the start.
    let accepted = Atomic(0)
    /// Requests that were refused because all together held as many bytes as they may; since the start.
    let overloaded = Atomic(0)
}
