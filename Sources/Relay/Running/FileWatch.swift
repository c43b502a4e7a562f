// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Notices that a file is another one than the one that was read: written anew, replaced by another, or reached by another
/// symbolic link on the way to it.
///
/// It looks once a second, which costs one system call, works on every file system, and needs no watch on each folder that
/// a link may lead through. A change counts when it is the same in two looks: an editor may still be writing.
final class FileWatch: Sendable {
    private let stamp: @Sendable () -> FileStamp?
    private let sleep: @Sendable () async -> Void
    private let read: Mutex<FileStamp?>

    /// What the file is now counts as read.
    ///
    /// - Parameters:
    ///   - stamp: What the file is now; `nil` where there is none.
    ///   - sleep: Waits from one look to the next; returns early where the task is cancelled.
    init(
        stamp: @escaping @Sendable () -> FileStamp?,
        sleep: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(1)) }
    ) {
        self.stamp = stamp
        self.sleep = sleep
        read = Mutex(stamp())
    }

    convenience init(_ path: String) {
        self.init(stamp: { FileStamp(path) })
    }

    /// What the file is now is about to be read, for whatever reason.
    func noteRead() {
        let now = stamp()
        read.withLock { $0 = now }
    }

    /// Calls `changed` until the task is cancelled, whenever the file is not the one that was read.
    func run(_ changed: @Sendable () -> Void) async {
        var last = read.withLock { $0 }
        while !Task.isCancelled {
            await sleep()
            let now = stamp()
            if now == last, now != read.withLock({ $0 }) { changed() }
            last = now
        }
    }
}

/// What tells one content of a path from another without reading it.
struct FileStamp: Sendable, Equatable {
    var device: UInt64
    var inode: UInt64
    var bytes: Int64
    /// When the content was last written, in nanoseconds.
    var written: Int64
    /// When anything about the file last changed: also where `written` was set by hand, as `cp -p` does.
    var changed: Int64

    init(device: UInt64, inode: UInt64, bytes: Int64, written: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.bytes = bytes
        self.written = written
        self.changed = changed
    }

    /// Follows symbolic links: what they lead to is what is read.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), bytes: Int64(status.st_size),
            written: Self.nanoseconds(status.st_mtim), changed: Self.nanoseconds(status.st_ctim))
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
