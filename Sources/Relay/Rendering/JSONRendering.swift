// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

/// Errors as JSON: the cloud's envelope, with the HTTP status that says the same.
enum JSONRendering {
    static func response(_ error: CloudError, requestId: String) -> Response {
        var fields = AnswerFields.json
        if let seconds = error.retryAfterSeconds { fields[.retryAfter] = String(seconds) }
        return Response(
            status: error.status, headerFields: fields,
            body: ResponseEnvelope.failure(error, requestId: requestId))
    }
}
