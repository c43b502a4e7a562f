// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import StrictJSON
import TencentCloud

/// What a hook's sender is answered once its function has run.
struct ResultAnswer {
    let response: Response
    /// What was out of the ordinary, for the log.
    var note = ""

    /// Makes the answer of a run that succeeded.
    ///
    /// - Throws: `FailedOperation.FunctionResponse` where the function's integration response is malformed.
    init(_ result: InvokeResult, of type: InvokeRequest.InvocationType) throws(CloudError) {
        guard type == .requestResponse else {
            response = Self.started(result)
            return
        }
        let text = Array(result.retMsg.utf8)
        do throws(IntegrationResponse.Malformed) {
            guard let integration = try IntegrationResponse(text[...]) else {
                response = Response(status: .ok, headerFields: Self.fields(for: text), body: text)
                return
            }
            self = Self(integration)
        } catch {
            throw CloudError(
                "FailedOperation.FunctionResponse",
                "The function ran, and returned an integration response that cannot be answered with.",
                operatorDetail: error.reason, mayHaveRun: true)
        }
    }

    private init(_ integration: IntegrationResponse) {
        let passing = integration.fields.filter { FunctionFields.mayPass($0.name) }
        let left = integration.fields.filter { !FunctionFields.mayPass($0.name) }
        var fields = Self.fields(for: integration.body)
        for field in passing {
            guard let name = HTTPField.Name(field.name) else { continue }
            fields[name] = field.value
        }
        let status = HTTPResponse.Status.withReason(integration.status)
        // These two have no body (RFC 9110, section 6.4.1).
        let body = status == .noContent || status == .notModified ? [] : integration.body
        response = Response(status: status, headerFields: fields, body: body)
        if !left.isEmpty {
            note = "fields of the function that were left out: \(left.map(\.name).joined(separator: ", "))"
        }
    }

    /// An Event call has no result: 202 says that it began.
    private static func started(_ result: InvokeResult) -> Response {
        var body = JSONObjectText()
        body.add("FunctionRequestId", text: result.functionRequestId)
        return Response(status: .accepted, headerFields: AnswerFields.json, body: body.finished())
    }

    private static func fields(for text: [UInt8]) -> HTTPFields {
        do throws(JSONSyntaxError) {
            try JSONValidator.validate(text[...])
            return AnswerFields.json
        } catch {
            return AnswerFields.text
        }
    }
}
