// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// Ed25519 (RFC 8032), by OpenSSL.
enum Ed25519 {
    /// Whether a signature over a message was made with the private key that belongs to this public one.
    static func isSignature(_ signature: [UInt8], of message: ArraySlice<UInt8>, publicKey: [UInt8]) -> Bool {
        guard signature.count == 64, publicKey.count == 32,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { fatalError("out of memory: EVP_MD_CTX_new") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        // C's signature: where a buffer begins and how long it is.
        let result = message.withUnsafeBufferPointer { message in
            EVP_DigestVerify(context, signature, signature.count, message.baseAddress, message.count)
        }
        return result == 1
    }
}
