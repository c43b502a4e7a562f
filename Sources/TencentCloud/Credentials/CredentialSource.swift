// SPDX-License-Identifier: Apache-2.0

/// A place that permanent credentials come from: the environment or a file.
public protocol CredentialSource: Sendable {
    /// The credential to sign with.
    ///
    /// - Throws: `InvalidCredential`, saying what is missing or malformed and where it was looked for, never a value.
    func credential() throws(CloudError) -> Credential
}

extension CloudError {
    /// There is no usable credential. The code is the one that the official Python SDK uses for this.
    static func invalidCredential(_ message: String) -> CloudError {
        CloudError("InvalidCredential", message)
    }
}
