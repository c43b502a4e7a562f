// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// What `error.mustache` is given.
enum ErrorContext {
    /// An error, with what the catalogue knows about it.
    static func of(_ error: CloudError, requestId: String, _ language: Language) -> [String: any Sendable] {
        var context: [String: any Sendable] = [
            "title": PageStrings.table(language)["titleError"] ?? "",
            "Code": error.code.rawValue,
            "Message": error.message,
            "httpStatus": String(error.httpStatus),
            "RequestId": requestId,
        ]
        if let entry = ErrorCatalogue.meaning(of: error.code) {
            context["meaning"] = entry.meaning[language]
            context["advice"] = entry.advice[language]
        }
        if let seconds = error.retryAfterSeconds { context["retryAfter"] = String(seconds) }
        return context
    }
}
