// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// Where a secret is: `environment:NAME` or `file:/PATH`. A configuration never holds the secret itself.
enum SecretReference: Equatable {
    case environment(String)
    case file(String)

    /// A key or a token, and the line break behind it.
    static let maximumFileBytes = CredentialText.maximumBytes + 2
    /// Whoever sees one signed call can try keys as fast as a machine computes: a short one is found.
    static let minimumKeyBytes = 12
    /// What may not be set in a file's mode: any right for everybody, and more than reading for its group. ssh refuses
    /// such key files, too.
    static let forbiddenMode: UInt32 = 0o027

    /// Reads a reference.
    ///
    /// - Throws: What is wrong, without the text: it may be the secret itself.
    init(_ text: String) throws(ConfigurationProblem) {
        if text.hasPrefix("environment:") {
            let name = String(text.dropFirst("environment:".count))
            guard Self.isVariable(name) else {
                throw ConfigurationProblem("'environment:' needs the name of a variable behind it: environment:NAME")
            }
            self = .environment(name)
        } else if text.hasPrefix("file:") {
            let path = String(text.dropFirst("file:".count))
            guard path.hasPrefix("/"), !path.utf8.contains(0) else {
                throw ConfigurationProblem("'file:' needs an absolute path behind it: file:/etc/scf-relay/NAME.key")
            }
            self = .file(path)
        } else {
            throw ConfigurationProblem(
                "must not hold the secret itself; write environment:NAME or file:/PATH, and where it is")
        }
    }

    /// Fetches the secret.
    ///
    /// - Parameters:
    ///   - environment: The process's environment.
    ///   - minimumBytes: What is shorter is refused.
    /// - Returns: The secret.
    /// - Throws: Why there is none, never its text.
    func secret(in environment: [String: String], minimumBytes: Int = 1) throws(ConfigurationProblem) -> Secret {
        let text = try checked(try text(in: environment))
        guard text.utf8.count >= minimumBytes else {
            throw ConfigurationProblem(
                "the secret in \(place) is shorter than \(minimumBytes) bytes: it could be guessed")
        }
        return Secret(text)
    }

    private var place: String {
        switch self {
        case .environment(let name): "the environment variable \(name)"
        case .file(let path): path
        }
    }

    private func text(in environment: [String: String]) throws(ConfigurationProblem) -> String {
        switch self {
        case .environment(let name):
            guard let text = environment[name] else { throw ConfigurationProblem("\(place) is not set") }
            return text
        case .file(let path):
            guard let text = String(validating: try Self.read(path), as: UTF8.self) else {
                throw ConfigurationProblem("\(path) is not UTF-8 text")
            }
            // What an editor or `echo` puts behind it. To Swift, CR LF is one character.
            return text.last?.isNewline == true ? String(text.dropLast()) : text
        }
    }

    private static func read(_ path: String) throws(ConfigurationProblem) -> [UInt8] {
        let bytes: [UInt8]?
        do throws(SmallFile.Unreadable) {
            bytes = try SmallFile.read(path, maximumBytes: maximumFileBytes, forbiddenMode: forbiddenMode)
        } catch {
            throw ConfigurationProblem("\(path) \(error)")
        }
        guard let bytes else { throw ConfigurationProblem("\(path) does not exist") }
        return bytes
    }

    private func checked(_ text: String) throws(ConfigurationProblem) -> String {
        do throws(CloudError) {
            return try CredentialText.checked(text, name: "the secret", place: place)
        } catch {
            throw ConfigurationProblem(error.message)
        }
    }

    private static func isVariable(_ name: String) -> Bool {
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        let isLetter = { (byte: UInt8) in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
        }
        guard let first = name.utf8.first, isLetter(first) else { return false }
        return name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    }
}
