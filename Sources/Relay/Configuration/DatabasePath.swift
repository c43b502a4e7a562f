// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The path of a database's file, which need not be there yet.
struct DatabasePath {
    let text: String

    /// The folder, as the path has it.
    var folder: String {
        let slash = text.lastIndex(of: "/")
        return slash.map { $0 == text.startIndex ? "/" : String(text[..<$0]) } ?? "."
    }

    /// The path without symbolic links, `.` and `..`, of which a file has one; `nil` where its folder is not there.
    var resolved: String? {
        if let file = Self.real(text) { return file }
        guard let folder = Self.real(folder) else { return nil }
        let name = text.lastIndex(of: "/").map { text[text.index(after: $0)...] } ?? text[...]
        return "\(folder == "/" ? "" : folder)/\(name)"
    }

    /// - Returns: `nil` where nothing is there.
    private static func real(_ path: String) -> String? {
        guard let buffer = realpath(path, nil) else { return nil }
        defer { free(buffer) }  // realpath allocates it
        return String(cString: buffer)
    }
}
