// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Which file lies at a path. One that is removed or moved away goes on as if nothing had happened for whoever has it open,
/// and is gone with the process.
struct FileIdentity: Sendable {
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// The file that is there; `nil` where none is.
    init?(path: String) {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        self.path = path
        device = found.st_dev
        inode = found.st_ino
    }

    /// Whether it still is the file at its path.
    var isCurrent: Bool {
        guard let there = FileIdentity(path: path) else { return false }
        return there.device == device && there.inode == inode
    }
}
