// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

extension FilePath {
    /// The absolute path without symbolic links, `.` and `..`; `nil` where nothing is there.
    var resolved: FilePath? {
        guard let buffer = realpath(string, nil) else { return nil }
        defer { free(buffer) }  // realpath allocates it
        return FilePath(String(cString: buffer))
    }

    /// Whether something is there, be it a link that leads nowhere.
    var exists: Bool { (try? stat(followTargetSymlink: false)) != nil }

    /// Whether it is a folder.
    var isDirectory: Bool { (try? stat().type) == .directory }

    /// Whether it is a file, and not a folder, a pipe or a device.
    var isRegularFile: Bool { (try? stat().type) == .regular }
}

/// The content of a file; `nil` where it cannot be read or holds more than `limit` bytes.
///
/// It does not ask for the size first: files in `/proc` have none.
func readFile(_ path: FilePath, upTo limit: Int) -> [UInt8]? {
    guard let file = try? FileDescriptor.open(path, .readOnly, options: .closeOnExec) else { return nil }
    defer { try? file.close() }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(limit + 1, 16 << 10))
    while content.count <= limit {
        guard let count = try? chunk.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
        if count == 0 { return content }
        content += chunk[..<count]
    }
    return nil
}
