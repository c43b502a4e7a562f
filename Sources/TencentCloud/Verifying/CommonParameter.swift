// SPDX-License-Identifier: Apache-2.0

/// A parameter that belongs to every action: with TC3 a header (`X-TC-Action`), with v1 a parameter among the action's
/// own.
///
/// Source: <https://cloud.tencent.com/document/product/583/17237>.
public enum CommonParameter: String, Sendable, CaseIterable {
    /// The action, such as `Invoke`.
    case action = "Action"
    /// The version of the API.
    case version = "Version"
    /// The region.
    case region = "Region"
    /// When the call was signed, in UNIX seconds.
    case timestamp = "Timestamp"
    /// v1: makes two calls of the same second differ.
    case nonce = "Nonce"
    /// v1: names the key.
    case secretId = "SecretId"
    /// v1: the hash function.
    case signatureMethod = "SignatureMethod"
    /// v1: the signature, in base64.
    case signature = "Signature"
    /// The token of a temporary key.
    case token = "Token"
    /// The language of messages.
    case language = "Language"
    /// The SDK that makes the call.
    case requestClient = "RequestClient"

    /// The header that carries it with TC3.
    var header: String { "X-TC-\(rawValue)" }
}
