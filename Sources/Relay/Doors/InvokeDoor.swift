// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// `POST /invoke`: the page's form, and programs that speak JSON.
struct InvokeDoor: Door {
    let invoker: any Invoker
    let limits: Limits
    let page: PageRendering
    let log: CallLog
    /// Remembers keys of callers; remembers none by itself.
    var inbox: any HookInbox = WithoutStore()

    var methods: [HTTPRequest.Method] { [.post] }

    func answer(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "invoke")
        let format = Self.format(of: call)
        let response: Response
        do throws(CloudError) {
            let request = try decode(call, &record)
            response = try await once(call, request, &record) { answer in
                render(answer, to: call, request, as: format)
            }
        } catch {
            response = render(error, to: call, as: format)
            record.fail(error, status: response.status.code)
        }
        record.bytesOut = response.body.count
        log.write(record)
        return response
    }

    private func decode(_ call: HTTPCall, _ record: inout CallRecord) throws(CloudError) -> InvokeRequest {
        try SameSite.check(call)
        let request = try InvokeBody.decode(
            contentType: call.contentType, body: call.request.body[...], limits: limits)
        record.describe(request)
        return request
    }

    private static func format(of call: HTTPCall) -> AnswerFormat {
        let isJSON = call.contentType.lowercased().hasPrefix("application/json")
        return ContentNegotiation.format(accept: call.accept, fallback: isJSON ? .json : .html)
    }

    private func render(
        _ answer: InvokeAnswer, to call: HTTPCall, _ request: InvokeRequest, as format: AnswerFormat
    ) -> Response {
        switch format {
        case .json: Response(status: .ok, headerFields: AnswerFields.json, body: answer.envelope)
        case .html: page.response(to: call, request, answer)
        }
    }

    private func render(_ error: CloudError, to call: HTTPCall, as format: AnswerFormat) -> Response {
        switch format {
        case .json: JSONRendering.response(error, requestId: call.requestId)
        case .html: page.response(to: call, error)
        }
    }
}
