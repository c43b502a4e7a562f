// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Credentials from the file that the official SDKs read.
///
/// ```ini
/// [default]
/// secret_id = AKID…
/// secret_key = …
/// ```
public struct FileCredentials: CredentialSource {
    /// The part of the file that is read.
    public static let section = "default"
    /// A credentials file is a few lines; what is longer is something else.
    public static let maximumFileBytes = 65_536

    /// Where it looks, in this order.
    public let paths: [String]

    /// Reads the first of `paths` that exists.
    ///
    /// - Parameter paths: Usually ``standardPaths(environment:)``.
    public init(paths: [String]) {
        self.paths = paths
    }

    /// Names the one file to read. The official Go SDK's variable.
    public static let pathVariable = "TENCENTCLOUD_CREDENTIALS_FILE"

    /// Where the official SDKs look: in the file that `TENCENTCLOUD_CREDENTIALS_FILE` names, and nowhere else; without it
    /// in `~/.tencentcloud/credentials`, then in `/etc/tencentcloud/credentials`.
    ///
    /// - Parameter environment: The process's environment. Variables that are empty count as not set.
    /// - Returns: The paths, in the order in which they are tried.
    public static func standardPaths(environment: [String: String]) -> [String] {
        if let path = environment[pathVariable], !path.isEmpty { return [path] }
        let system = "/etc/tencentcloud/credentials"
        guard let home = environment["HOME"], !home.isEmpty else { return [system] }
        return ["\(home)/.tencentcloud/credentials", system]
    }

    /// Whether one of the paths leads to a file, readable or not.
    public var isThere: Bool { paths.contains { access($0, F_OK) == 0 } }

    /// The credential of section `default`.
    ///
    /// - Throws: `InvalidCredential` where there is no file, it cannot be read, or a key is absent or malformed.
    public func credential() throws(CloudError) -> Credential {
        for path in paths {
            guard let bytes = try Self.read(path) else { continue }
            return try Self.credential(in: bytes, path: path)
        }
        throw .invalidCredential("No credentials file: looked for \(paths.joined(separator: ", then ")).")
    }

    private static func read(_ path: String) throws(CloudError) -> [UInt8]? {
        do throws(SmallFile.Unreadable) {
            return try SmallFile.read(path, maximumBytes: maximumFileBytes)
        } catch {
            throw .invalidCredential("\(path) \(error).")
        }
    }

    private static func credential(in bytes: [UInt8], path: String) throws(CloudError) -> Credential {
        let place = "section [\(section)] of \(path)"
        let values = try CredentialsFileSyntax.values(of: section, in: bytes, path: path)
        return Credential(
            secretId: try CredentialText.checkedSecretId(values["secret_id"], name: "secret_id", place: place),
            secretKey: Secret(try CredentialText.checked(values["secret_key"], name: "secret_key", place: place)))
    }
}
