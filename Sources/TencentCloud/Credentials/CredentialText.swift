// SPDX-License-Identifier: Apache-2.0

/// Checks one text of a credential before it is used.
///
/// A key copied with a space or a line break fails at the cloud with "SecretId not found" or "signature wrong",
/// which helps nobody. And what stands in a header must not be able to end the header.
package enum CredentialText {
    /// Session tokens are the longest: about 1 KB in practice.
    package static let maximumBytes = 8_192

    /// Returns `value` where it may serve as part of a credential.
    ///
    /// - Parameters:
    ///   - value: What was found; `nil` where nothing was.
    ///   - name: What the person calls it: a variable or a key of the file.
    ///   - place: Where it was looked for.
    /// - Returns: The value.
    /// - Throws: `InvalidCredential`.
    package static func checked(_ value: String?, name: String, place: String) throws(CloudError) -> String {
        guard let value else { throw .invalidCredential("\(name) is not set in \(place).") }
        guard !value.isEmpty else { throw .invalidCredential("\(name) is empty in \(place).") }
        guard value.utf8.count <= maximumBytes else {
            throw .invalidCredential("\(name) in \(place) is longer than \(maximumBytes) bytes.")
        }
        if value.first?.isWhitespace == true || value.last?.isWhitespace == true {
            throw .invalidCredential("\(name) in \(place) begins or ends with white space. Remove it.")
        }
        guard value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidCredential("\(name) in \(place) holds characters other than visible ASCII.")
        }
        return value
    }

    /// As ``checked(_:name:place:)``, for a SecretId: `/` and `,` would break the Authorization header apart.
    package static func checkedSecretId(_ value: String?, name: String, place: String) throws(CloudError) -> String {
        let secretId = try checked(value, name: name, place: place)
        guard Authorization.isSecretId(secretId.utf8) else {
            throw .invalidCredential(
                "\(name) in \(place) must be at most \(Authorization.maximumSecretIdBytes) bytes without '/' and ','.")
        }
        return secretId
    }
}
