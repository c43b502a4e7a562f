// SPDX-License-Identifier: Apache-2.0

/// The constants of TC3-HMAC-SHA256, which the cloud's documents call signature method v3.
///
/// Source: <https://cloud.tencent.com/document/product/583/17239>.
public enum TC3 {
    /// Names the method, in the Authorization header and in the string to sign.
    public static let algorithm = "TC3-HMAC-SHA256"
    /// Ends every credential scope, and is the last step of the key.
    public static let terminator = "tc3_request"
    /// The value of `X-TC-Content-SHA256` that leaves the body out of the signature.
    public static let unsignedPayload = "UNSIGNED-PAYLOAD"
}

/// How a call travels. Only a GET has a query: the rules fix the query of a POST to nothing.
public enum TC3Method: Sendable, Equatable {
    /// Parameters in the query, percent-encoded exactly as they are sent, without the `?`.
    case get(query: String)
    /// Parameters in the body.
    case post

    var name: String {
        switch self {
        case .get: "GET"
        case .post: "POST"
        }
    }

    var query: String {
        switch self {
        case .get(let query): query
        case .post: ""
        }
    }
}

/// A header that a signature covers.
public struct TC3Header: Sendable, Equatable {
    /// The name in lower case.
    public let name: String
    /// The value as it is signed.
    public let value: String

    /// A header by the rules of the documents: name and value in lower case, the value trimmed.
    public init(_ name: String, _ value: String) {
        self.init(name: HeaderText.lowercased(name), value: HeaderText.lowercased(HeaderText.trimmed(value)))
    }

    /// A header exactly as given: no official SDK lower-cases the values of Content-Type and Host.
    init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
