// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// `/signature`: how the signature of a call comes about, with a key that is no secret; and what is wrong with the
/// signature of a request that was refused. The relay's own key has no part in it. A view of the page; JSON for whoever
/// says that it is liked better.
struct SignatureDoor: Door {
    let page: PageRendering
    let limits: Limits
    /// The region of calls that name none.
    let region: String
    let now: @Sendable () -> Int

    var methods: [HTTPRequest.Method] { [.get, .head, .post] }

    func answer(_ call: HTTPCall) async -> Response {
        let context = SignatureContext(language: PageLanguage.of(call), region: region, now: now())
        let isJSON = ContentNegotiation.format(accept: call.accept, fallback: .html) == .json
        var form = SignatureForm()
        do throws(CloudError) {
            if call.method == .post {
                try SameSite.check(call)
                form = try SignatureForm(of: call)
            }
            let question = try question(in: form)
            guard isJSON else {
                return page.response(.signature, to: call, showing: try view(of: question, form, context))
            }
            return Response(status: .ok, headerFields: AnswerFields.json, body: json(of: question, form, context))
        } catch {
            guard !isJSON else { return JSONRendering.response(error, requestId: call.requestId) }
            return page.response(
                .signature, to: call, showing: context.refused(form, error, requestId: call.requestId),
                status: error.status, title: PageStrings.table(context.language)["titleError"])
        }
    }

    /// What is to be answered.
    private enum Question {
        case steps(InvokeRequest, at: Int?)
        case diagnosis(sentAt: Int?)
    }

    private func question(in form: SignatureForm) throws(CloudError) -> Question {
        guard form[.request].isEmpty else {
            guard form[.request].utf8.count <= SignatureDiagnosis.maximumBytes else { throw Self.tooLong }
            return .diagnosis(sentAt: try form.seconds(.sentAt))
        }
        guard form.wasSent else { return .steps(try example(), at: nil) }
        return .steps(
            try InvokeRequest(try form.parameters(limits), limits: limits), at: try form.seconds(.timestamp))
    }

    private func view(
        of question: Question, _ form: SignatureForm, _ context: SignatureContext
    ) throws(CloudError) -> [String: any Sendable] {
        switch question {
        case .steps(let request, let timestamp): context.explained(request, at: timestamp)
        case .diagnosis(let sentAt): context.diagnosed(form, sentAt: sentAt, example: try example())
        }
    }

    private func json(of question: Question, _ form: SignatureForm, _ context: SignatureContext) -> [UInt8] {
        switch question {
        case .steps(let request, let timestamp): SignatureJSON.steps(of: context.signing(request, at: timestamp))
        case .diagnosis(let sentAt):
            SignatureJSON.diagnosis(SignatureDiagnosis(form[.request], now: sentAt ?? context.now), context)
        }
    }

    private static let tooLong = CloudError(
        "RequestSizeLimitExceeded",
        "The pasted request is longer than \(SignatureDiagnosis.maximumBytes.grouped) bytes. Its head and a part of its body will do."
    )

    private func example() throws(CloudError) -> InvokeRequest {
        let fields = [(name: "FunctionName", value: "hello"), (name: "ClientContext", value: #"{"key": "value"}"#)]
        return try InvokeRequest(try InvokeFields(fields, limits: limits), limits: limits)
    }
}
