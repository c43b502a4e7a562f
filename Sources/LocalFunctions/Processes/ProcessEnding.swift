// SPDX-License-Identifier: Apache-2.0

import Subprocess

/// How a process ended.
enum ProcessEnding: Sendable, Equatable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(code)
        case .signaled(let signal): self = .killed(signal: signal)
        }
    }

    /// In words, for ErrMsg.
    var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .killed(let signal): "killed by signal \(signal)"
        }
    }
}

/// What a process was killed for.
enum StopReason: Sendable, Equatable {
    case time
    case memory
    /// More output than a result may have.
    case output
    /// Something else than a runner's answer where that should have come.
    case garbage
    /// The caller went away, or nobody needs the process any more.
    case givenUp
}
