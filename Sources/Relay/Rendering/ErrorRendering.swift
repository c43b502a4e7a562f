// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

/// Renders errors that no door has made: as HTML for browsers, as JSON for programs.
enum ErrorRendering: Sendable {
    /// The relay's: HTML or JSON, with the status that fits.
    case negotiated(PageRendering)
    /// The cloud API's: always its envelope, always status 200.
    case cloudAPI

    func response(to call: HTTPCall, _ error: CloudError) -> Response {
        switch self {
        case .negotiated(let page):
            guard ContentNegotiation.format(accept: call.accept, fallback: .json) == .html else {
                return JSONRendering.response(error, requestId: call.requestId)
            }
            return page.response(to: call, error)
        case .cloudAPI:
            return Response(
                status: .ok, headerFields: AnswerFields.json,
                body: ResponseEnvelope.failure(error.translated(to: call.apiLanguage), requestId: call.requestId))
        }
    }

    /// The error of a request that the FastCGI server did not hand on; the cloud has words of its own for a large one.
    func error(for refusal: Refusal, _ call: HTTPCall) -> CloudError {
        guard case .cloudAPI = self, case .bodyTooLarge(let announced, _) = refusal else { return CloudError(refusal) }
        do throws(CloudError) {
            try RequestSize.check(call, bodyBytes: announced)
            return CloudError(refusal)
        } catch {
            return error
        }
    }
}
