// SPDX-License-Identifier: Apache-2.0

// Four threads count to 80,000, with a Mutex (`probe locked`) or without one (`probe racing`): what the thread sanitizer
// must let pass, and what it must report.

import Glibc
import Synchronization

final class Counter: @unchecked Sendable {  // that is the question here
    let guarded = Mutex(0)
    var bare = 0
}

nonisolated let counter = Counter()
nonisolated let isRacing = CommandLine.arguments.last == "racing"

func count() {
    for turn in 0..<20_000 {
        if isRacing { counter.bare += 1 } else { counter.guarded.withLock { $0 += 1 } }
        if turn % 64 == 0 { sched_yield() }
    }
}

/// Outside the top level, whose closures belong to the main actor and check that they are on it.
func startThread() -> pthread_t {
    var thread = pthread_t()
    let status = pthread_create(
        &thread, nil,
        { _ in
            count()
            return nil
        }, nil)
    precondition(status == 0)
    return thread
}

let threads = (0..<4).map { _ in startThread() }
for thread in threads { pthread_join(thread, nil) }
print(isRacing ? counter.bare : counter.guarded.withLock { $0 })
