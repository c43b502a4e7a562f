// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes

/// The header fields of answers, ready made: the type, and what keeps a browser from doing more than showing it.
enum AnswerFields {
    /// No `charset`: official SDKs look for errors only where the type is exactly this.
    static let json = fields("application/json")
    /// The same as ``json``, encoded.
    static let encodedJSON = CommonFields(json)
    static let html = fields("text/html; charset=utf-8")
    static let text = fields("text/plain; charset=utf-8")

    private static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static func fields(_ type: String) -> HTTPFields {
        var fields: HTTPFields = [
            .contentType: type,
            // Answers belong to one call, and may hold what only its caller should see.
            .cacheControl: "no-store",
            .contentSecurityPolicy: contentSecurityPolicy,
            .xContentTypeOptions: "nosniff",
            // Not "no-referrer": with it browsers send `Origin: null` in forms of this very page.
            .referrerPolicy: "same-origin",
            .xFrameOptions: "DENY",
            .crossOriginOpenerPolicy: "same-origin",
            .crossOriginResourcePolicy: "same-origin",
        ]
        if type.hasPrefix("text/html") { fields[.vary] = "Accept, Accept-Language, Cookie" }
        return fields
    }
}

extension HTTPField.Name {
    static let xRequestId = name("X-Request-Id")
    static let link = name("Link")
    static let referrerPolicy = name("Referrer-Policy")
    static let xFrameOptions = name("X-Frame-Options")
    static let crossOriginOpenerPolicy = name("Cross-Origin-Opener-Policy")

    private static func name(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
