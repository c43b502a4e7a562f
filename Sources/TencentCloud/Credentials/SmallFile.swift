// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Reads a file that must be small: a bound that holds whatever the path turns out to be.
package enum SmallFile {
    /// Why there is nothing to read.
    package struct Unreadable: Error, CustomStringConvertible {
        /// What stands behind the file's name in a sentence: `cannot be opened: Permission denied`.
        package let description: String
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - maximumBytes: What is longer is refused.
    ///   - forbiddenMode: Rights that nobody may have to the file, because it holds a secret.
    /// - Returns: The file's bytes, or `nil` where there is no such file.
    /// - Throws: ``Unreadable`` where it cannot be read, is not a regular file or is refused.
    package static func read(
        _ path: String, maximumBytes: Int, forbiddenMode: UInt32 = 0
    ) throws(Unreadable) -> [UInt8]? {
        // Without O_NONBLOCK, opening a FIFO would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Unreadable(description: "cannot be opened: \(reason(errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw Unreadable(description: "is not a regular file")
        }
        guard status.st_mode & forbiddenMode == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw Unreadable(description: "is open to others (mode \(mode)); make it 600, or 640 for a group")
        }
        return try readAll(descriptor, maximumBytes: maximumBytes)
    }

    private static func readAll(_ descriptor: Int32, maximumBytes: Int) throws(Unreadable) -> [UInt8] {
        // One byte more than allowed tells "exactly full" from "too long".
        var buffer = [UInt8](repeating: 0, count: maximumBytes + 1)
        var filled = 0
        while filled < buffer.count {
            let count = buffer.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            if count == 0 { break }
            if count > 0 {
                filled += count
            } else if errno != EINTR {
                throw Unreadable(description: "cannot be read: \(reason(errno))")
            }
        }
        guard filled <= maximumBytes else {
            throw Unreadable(description: "is longer than \(maximumBytes) bytes")
        }
        return Array(buffer[..<filled])
    }

    private static func reason(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
