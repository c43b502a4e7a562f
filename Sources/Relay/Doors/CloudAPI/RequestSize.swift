// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

/// How large a call of the cloud's API may be: that depends on its method and on how it is signed.
///
/// The documents (583/17237) say "32 KB, 1 MB, 10 MB"; the cloud's text says that the last is 10,485,760 bytes, which
/// makes the others powers of two as well.
enum RequestSize {
    /// Bytes of a GET's query.
    static let queryBytes = 32_768
    /// Bytes of the body of a POST that is signed with v1.
    static let v1BodyBytes = 1_048_576
    /// Bytes of the body of a POST that is signed with TC3.
    static let bodyBytes = 10_485_760

    /// - Throws: What the cloud says to a call that is too large.
    static func check(_ call: HTTPCall) throws(CloudError) {
        try check(call, bodyBytes: call.request.body.count)
    }

    /// Checks a call whose body is so long, whether that was read or not.
    static func check(_ call: HTTPCall, bodyBytes size: Int) throws(CloudError) {
        if call.method == .get, call.query.utf8.count > queryBytes {
            throw tooLarge(call.query.utf8.count, limit: queryBytes)
        }
        if size > v1BodyBytes, call.method == .post,
            APICall.scheme(method: call.method.rawValue, header: call.header) == .v1
        {
            throw tooLargeForV1
        }
        if size > bodyBytes { throw tooLarge(size, limit: bodyBytes) }
    }

    /// The English text is the cloud's own, its two spaces included.
    private static func tooLarge(_ size: Int, limit: Int) -> CloudError {
        CloudError(
            "RequestSizeLimitExceeded",
            LocalizedText(
                zh: "请求包超过限制大小：最大 \(limit)B，实际 \(size)B。",
                en: "Your current request size exceed  max \(limit)B, but your \(size)B."))
    }

    /// The code and the English text are the cloud's own: not a size error, but a failed signature.
    private static let tooLargeForV1 = CloudError(
        "AuthFailure.SignatureFailure",
        LocalizedText(
            zh: "请求大小超过限制，无法验证签名，请使用新的签名方法 `TC3-HMAC-SHA256`。",
            en: "The provided credentials could not be validated because of exceeding request size limit, "
                + "please use new signature method `TC3-HMAC-SHA256`"))
}
