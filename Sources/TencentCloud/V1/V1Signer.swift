// SPDX-License-Identifier: Apache-2.0

/// Signs calls of the cloud's API with HmacSHA1 or HmacSHA256.
///
/// For those who have to; TC3 covers more, and takes larger calls. The relay signs with ``TC3Signer`` alone.
public struct V1Signer: Sendable {
    /// How a call travels.
    public enum Method: String, Sendable, CaseIterable {
        /// The parameters are the query.
        case get = "GET"
        /// The parameters are the body, of the type `application/x-www-form-urlencoded`.
        case post = "POST"
    }

    /// What it signs with.
    public let credential: Credential
    /// The `Host` header that is sent, with the port where that has one.
    public let host: String
    /// The hash function.
    public let algorithm: V1Algorithm

    /// Creates a signer.
    public init(credential: Credential, host: String, algorithm: V1Algorithm = .hmacSHA256) {
        self.credential = credential
        self.host = host
        self.algorithm = algorithm
    }

    /// Signs one call.
    ///
    /// - Parameters:
    ///   - method: GET or POST.
    ///   - parameters: The action's own parameters, Action, Version, Region, and what else is common. Timestamp, Nonce,
    ///     SecretId, Token, SignatureMethod and Signature are added.
    ///   - timestamp: Now, in UNIX seconds.
    ///   - nonce: A random number, another one for each call of the same second.
    /// - Returns: What to send, and how it came about.
    public func sign(
        _ method: Method, parameters: [(name: String, value: String)], timestamp: Int, nonce: UInt64
    ) -> V1Signature {
        var all = parameters + [("Nonce", String(nonce)), ("Timestamp", String(timestamp))]
        if let token = credential.token { all.append(("Token", token.reveal())) }
        all += [("SecretId", credential.secretId), ("SignatureMethod", algorithm.rawValue)]
        let text = V1Text(
            method: method.rawValue,
            parameters: all.map { FormParameter(name: $0.name, value: ArraySlice($0.value.utf8)) })
        let stringToSign = text.stringToSign(host: host)
        let signature = Base64.encode(algorithm.authenticate(stringToSign.span, key: credential.secretKey))
        let form = (all + [("Signature", signature)]).map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }
        return V1Signature(
            form: form.joined(separator: "&"), stringToSign: String(decoding: stringToSign, as: UTF8.self),
            signature: signature)
    }

    /// As HTML forms are encoded, and as the Python SDK does it: `+` for a space, and four marks bare.
    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A call that was signed with v1.
public struct V1Signature: Sendable, Equatable {
    /// The query of a GET, or the body of a POST.
    public let form: String
    /// What was signed. It holds every parameter, but no secret.
    public let stringToSign: String
    /// The signature, in base64.
    public let signature: String
}
