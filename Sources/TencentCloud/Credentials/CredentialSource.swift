// SPDX-License-Identifier: Apache-2.0

/// A place that credentials come from: the environment, a file, later a machine's role.
///
/// `async`, because a role asks the metadata service; the two sources here answer at once.
public protocol CredentialSource: Sendable {
    /// The credential to sign with now.
    ///
    /// - Throws: `InvalidCredential`, saying what is missing or malformed and where it was looked for, never a value.
    func credential() async throws(CloudError) -> Credential
}

extension CloudError {
    /// There is no usable credential. The code is the one that the official Python SDK uses for this.
    static func invalidCredential(_ message: String) -> CloudError {
        CloudError("InvalidCredential", message)
    }
}
