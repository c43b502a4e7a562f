// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The configuration of an nginx, includes and all.
public struct NginxConfiguration: Sendable {
    /// Gives the content of a file; `nil` where there is none.
    public typealias Read = (_ path: String) -> [UInt8]?
    /// Gives the files that a pattern such as `conf.d/*.conf` stands for, in their order.
    public typealias Find = (_ pattern: String) -> [String]

    /// What stands at the top: `user`, `events`, `http`, … A file that is meant to be included, such as a site of
    /// `sites-enabled`, begins with `server` or `upstream` instead.
    public let directives: [Directive]
    /// Includes of files that are not there.
    public let missingFiles: [Directive]

    private static let maximumFileBytes = 1 << 20

    /// Reads a file and what it includes.
    ///
    /// - Parameter file: Its path. Relative includes begin in its folder, as nginx does it.
    /// - Throws: ``SyntaxError`` at the first place that nginx would not understand, or where there is no such file.
    public init(file: String) throws(SyntaxError) {
        try self.init(file: file, read: Self.read, find: Self.find)
    }

    /// Reads a file and what it includes out of whatever holds them.
    ///
    /// - Parameters:
    ///   - file: The path of the first.
    ///   - read: Gives the content of a file; `nil` where there is none.
    ///   - find: Gives the files that a pattern stands for, in their order.
    /// - Throws: As ``init(file:)``.
    public init(file: String, read: @escaping Read, find: @escaping Find) throws(SyntaxError) {
        guard let bytes = read(file) else {
            throw SyntaxError(place: .init(file: file, line: 1), message: "cannot be read")
        }
        let folder = file.contains("/") ? String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) : "."
        var parser = Parser(folder: folder, read: read, find: find)
        directives = try parser.directives(of: bytes, file: file)
        missingFiles = parser.missing
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maximumFileBytes)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            if count == 0 { break }
            guard count > 0 else { return nil }
            filled += count
        }
        return Array(bytes.prefix(filled))
    }

    private static func find(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    }
}
