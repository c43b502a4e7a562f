// SPDX-License-Identifier: Apache-2.0

import EventLoop
import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// `POST /invoke`: the page's form, and programs that speak JSON.
struct InvokeDoor: Door {
    let invoker: any Invoker
    let limits: Limits
    let page: PageRendering
    let observer: any CallObserver
    /// Remembers keys of callers; remembers none by itself.
    var inbox: any HookInbox = WithoutStore()
    /// Whether a call goes on where whoever made it leaves: its result is found in the history.
    var outlivesCallers = false

    var methods: [HTTPRequest.Method] { [.post] }

    func answer(_ call: HTTPCall) async -> Response {
        guard outlivesCallers else { return await run(call) }
        // A task of its own does not hear of it when the browser leaves. What it holds is counted as before, because this
        // one waits for it.
        return await Task(executorPreference: EventLoop.current) { await run(call) }.value
    }

    // What comes before and after the call is out of line: what it needs would be part of what each call holds while it
    // waits.

    private func run(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "invoke")
        let format = Self.format(of: call)
        let response: Response
        do throws(CloudError) {
            let request = try decode(call, &record)
            response = try await once(call, request, &record) { answer in
                render(answer, to: call, request, as: format)
            }
        } catch {
            response = refuse(call, error, &record, as: format)
        }
        return end(&record, response)
    }

    @inline(never)
    private func end(_ record: inout CallRecord, _ response: Response) -> Response {
        record.end(bytesOut: response.body.count)
        observer.callEnded(record)
        return linked(response, record)
    }

    /// Where there is a history, the answer says where the call stands in it: by the id that is ours, as an id that the
    /// caller has chosen may be taken.
    private func linked(_ response: Response, _ record: CallRecord) -> Response {
        guard outlivesCallers else { return response }
        var response = response
        response.headerFields[.link] = "</history/\(record.requestId)>; rel=\"related\""
        return response
    }

    @inline(never)
    private func decode(_ call: HTTPCall, _ record: inout CallRecord) throws(CloudError) -> InvokeRequest {
        try SameSite.check(call)
        let request = try InvokeBody.decode(
            contentType: call.contentType, body: call.request.body[...], limits: limits)
        record.describe(request)
        record.historyId = RequestId.chosen(by: call)
        observer.callBegan(record)
        return request
    }

    private static func format(of call: HTTPCall) -> AnswerFormat {
        let isJSON =
            call.contentType == MediaType.json.essence
            || call.contentType.lowercased().hasPrefix(MediaType.json.essence)
        return ContentNegotiation.format(accept: call.accept, fallback: isJSON ? .json : .html)
    }

    private func render(
        _ answer: InvokeAnswer, to call: HTTPCall, _ request: InvokeRequest, as format: AnswerFormat
    ) -> Response {
        switch format {
        case .json: Response(status: .ok, commonFields: AnswerFields.encodedJSON, body: answer.envelope)
        case .html: page.response(to: call, request, answer)
        }
    }

    @inline(never)
    private func refuse(
        _ call: HTTPCall, _ error: CloudError, _ record: inout CallRecord, as format: AnswerFormat
    ) -> Response {
        let response =
            switch format {
            case .json: JSONRendering.response(error, requestId: call.requestId)
            case .html: page.response(to: call, error)
            }
        record.fail(error, status: response.status.code)
        return response
    }
}
