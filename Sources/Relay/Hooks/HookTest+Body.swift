// SPDX-License-Identifier: Apache-2.0

import Glibc
import Invocation

extension HookTest {
    /// What is to be sent: a file's bytes, or standard input's. No more is read than a request may hold, whatever it is.
    ///
    /// - Parameter file: What `--body` names; `-` for standard input.
    /// - Returns: The bytes.
    /// - Throws: ``ConfigurationProblem`` where it cannot be read, or is more than a request to the relay may hold.
    public func body(from file: String) throws(ConfigurationProblem) -> [UInt8] {
        let name = "--body \(file)"
        if file == "-" { return try content(of: STDIN_FILENO, name) }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = errno == ENOENT ? "does not exist" : "cannot be opened: \(Self.words(errno))"
            throw ConfigurationProblem("\(name) \(reason)")
        }
        defer { close(descriptor) }
        return try content(of: descriptor, name)
    }

    private func content(of descriptor: Int32, _ name: String) throws(ConfigurationProblem) -> [UInt8] {
        var status = stat()
        if fstat(descriptor, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw ConfigurationProblem("\(name) is a folder; write the name of a file")
            }
            if status.st_mode & S_IFMT == S_IFREG { try check(Int(status.st_size), "", name) }
        }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = piece.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count > 0 {
                bytes += piece[..<count]
                // It may go on for ever: a device, a pipe.
                if bytes.count > maximumBodyBytes { try check(maximumBodyBytes + 1, "at least ", name) }
            } else if errno != EINTR {
                throw ConfigurationProblem("\(name) cannot be read: \(Self.words(errno))")
            }
        }
    }

    private func check(_ byteCount: Int, _ atLeast: String, _ name: String) throws(ConfigurationProblem) {
        guard byteCount > maximumBodyBytes else { return }
        throw ConfigurationProblem(
            "\(name) has \(atLeast)\(byteCount.grouped) bytes; a request has at most \(maximumBodyBytes.grouped), "
                + "four times limits.clientContextBytes")
    }

    private static func words(_ code: Int32) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
