// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SystemPackage

/// A process's standard input, as a file without a name.
///
/// Unlike with a pipe nobody has to keep writing: the process reads when it likes, or never, and nothing can get stuck
/// or break (`SIGPIPE`).
struct InputFile: ~Copyable {
    let descriptor: FileDescriptor

    init(_ bytes: [UInt8]) throws {
        let path = FilePath(FileManager.default.temporaryDirectory.path).appending("event-\(UUID().uuidString)")
        let file = try FileDescriptor.open(
            path, .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite)
        do {
            // Its name goes before anything is written: the function alone sees what is in it, and no trace is left.
            try FileManager.default.removeItem(atPath: path.string)
            try file.writeAll(bytes)
            try file.seek(offset: 0, from: .start)
        } catch {
            try? file.close()
            throw error
        }
        descriptor = file
    }

    deinit {
        try? descriptor.close()
    }
}
