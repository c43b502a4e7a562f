// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// What a keeper that has ended, and was not reaped yet, says in its name. No function can write that.
enum KeeperReport: Equatable {
    /// The function could not be started.
    case notStarted(Errno)
    /// The most memory, in bytes, that the function had, or that one of its children had which it waited for.
    case ended(peakMemory: Int)

    /// Reads it; `nil` where the keeper was killed.
    init?(of keeper: Keeper) {
        let name = readFile(FilePath("/proc/\(keeper.process)/comm"), upTo: 64) ?? []
        self.init(name: String(decoding: name, as: UTF8.self))
    }

    init?(name: String) {
        let words = name.split { $0.isWhitespace }
        guard words.count == 2, let number = Int32(words[1]) else { return nil }
        switch words[0] {
        case "errno": self = .notStarted(Errno(rawValue: number))
        case "peak": self = .ended(peakMemory: Int(number) << 10)
        default: return nil
        }
    }
}

/// A function's program could not be run.
struct NotStarted: Error {
    let reason: Errno
}
