// SPDX-License-Identifier: Apache-2.0

/// Why a verifier refuses a call, with the texts that the cloud uses.
///
/// Where the cloud's own text was never seen (a malformed timestamp, an expired signature), the wording is that of the
/// documents' table of common errors. For a call that comes a second time neither code nor text is known; its signature
/// is spent, and `SignatureExpire` is the code that tells clients to sign anew.
enum SignatureRefusal {
    case unsupportedProtocol
    /// `name` without `X-TC-`, as the cloud says it.
    case missingParameter(name: String)
    case malformedTimestamp
    case malformedNonce
    case invalidAuthorization
    case secretIdNotFound
    case signatureExpired(timestamp: Int, now: Int)
    case signatureFailure(detail: String)
    case tokenFailure
    case repeated
    case tooManyToRemember

    /// The error to answer with.
    var error: CloudError {
        var error = CloudError(code, text)
        if case .signatureFailure(let detail) = self { error.operatorDetail = detail }
        if case .tooManyToRemember = self { error.retryAfterSeconds = 1 }
        return error
    }

    private var code: ErrorCode {
        switch self {
        case .unsupportedProtocol: "UnsupportedProtocol"
        case .missingParameter: "MissingParameter"
        case .malformedTimestamp, .malformedNonce: "InvalidParameter"
        case .invalidAuthorization: "AuthFailure.InvalidAuthorization"
        case .secretIdNotFound: "AuthFailure.SecretIdNotFound"
        case .signatureExpired, .repeated: "AuthFailure.SignatureExpire"
        case .signatureFailure: "AuthFailure.SignatureFailure"
        case .tokenFailure: "AuthFailure.TokenFailure"
        case .tooManyToRemember: "RequestLimitExceeded"
        }
    }

    private var text: LocalizedText {
        switch self {
        case .unsupportedProtocol:
            LocalizedText(
                zh: "http(s) 请求协议错误，只支持 GET 和 POST 请求。",
                en: "HTTP(S) request protocol error; only GET and POST requests are supported.")
        case .missingParameter(let name):
            LocalizedText(
                zh: "请求缺少必需的参数 `\(name)`。", en: "The request is missing a required parameter `\(name)`.")
        case .malformedTimestamp:
            LocalizedText(
                zh: "参数 `Timestamp` 格式错误，应为 UNIX 时间戳（秒）。",
                en: "The parameter `Timestamp` is malformed; it must be UNIX seconds.")
        case .malformedNonce:
            LocalizedText(
                zh: "参数 `Nonce` 格式错误，应为正整数。", en: "The parameter `Nonce` is malformed; it must be a positive integer.")
        case .invalidAuthorization:
            LocalizedText(
                zh: "请求头部的 Authorization 不符合腾讯云标准。", en: "`Authorization` in the request header is invalid.")
        case .secretIdNotFound:
            LocalizedText(
                zh: "SecretId不存在，请输入正确的密钥。",
                en: "The SecretId is not found, please ensure that your SecretId is correct.")
        case .signatureExpired(let timestamp, let now):
            LocalizedText(
                zh: """
                    签名过期。Timestamp 和服务器时间相差不得超过五分钟，请检查本地时间是否和标准时间同步。\
                    （Timestamp：\(timestamp)，服务器时间：\(now)）
                    """,
                en: """
                    Signature expired. Timestamp and server time cannot differ by more than five minutes. \
                    Please ensure your current local time matches the standard time. \
                    (Timestamp: \(timestamp), server time: \(now))
                    """)
        case .signatureFailure:
            LocalizedText(
                zh: "请求签名验证失败，请检查您的签名计算是否正确。",
                en: "The provided credentials could not be validated. Please check your signature is correct.")
        case .tokenFailure:
            LocalizedText(zh: "token 错误。", en: "Token error.")
        case .repeated:
            LocalizedText(
                zh: "签名过期。该签名已被使用过，请更换 Nonce 和 Timestamp 并重新签名。",
                en: "Signature expired. This signature has been used before; sign the call anew, with another Nonce.")
        case .tooManyToRemember:
            LocalizedText(
                zh: "请求的次数超过了频率限制：五分钟内经此密钥签名的请求过多，请稍后重试。",
                en: "This key has signed more calls in the last minutes than can be told apart. This one was not run.")
        }
    }
}
