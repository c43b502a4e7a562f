// SPDX-License-Identifier: Apache-2.0

/// How a call of the API is signed.
public enum SignatureAlgorithm: Sendable, Hashable {
    /// Signature method v3, TC3-HMAC-SHA256.
    case tc3
    /// Signature method v1, with one of its two hash functions.
    case v1(V1Algorithm)

    /// The name that the cloud's documents use.
    public var name: String {
        switch self {
        case .tc3: TC3.algorithm
        case .v1(let algorithm): algorithm.rawValue
        }
    }
}
