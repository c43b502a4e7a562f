// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// The SHA-256 of a request's body as it came. It is all that is kept of the body to tell whether another is the same.
struct BodyDigest: Sendable, Equatable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// The digest of a body.
    init(of body: [UInt8]) {
        bytes = SHA256.hash(body)
    }
}

extension BodyDigest {
    /// 64 digits.
    var hexadecimal: String { bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
