// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import StrictJSON
import TencentCloud

/// What becomes of a request: the event that the function gets.
enum HookContext: Sendable {
    /// The body, byte for byte. It must be JSON.
    case body
    /// Everything, in the shape of the cloud's API-gateway trigger.
    case envelope
    /// Chosen fields.
    case template(ContextTemplate)

    /// Fields that a template may have.
    static let maximumFields = 64

    /// Makes the event.
    ///
    /// - Throws: `RequestSizeLimitExceeded` where it is over the limit; `InvalidParameterValue.Param` where the body would
    ///   have to be JSON and is not; `InvalidParameter` where a query is too long that would have to be read.
    func event(of request: HookRequest, limits: Limits) throws(CloudError) -> ClientContext {
        switch self {
        case .body:
            return try ClientContext(json: try request.json(limits: limits), limits: limits)
        case .envelope:
            let event = try HookEnvelope.event(of: request.call)
            try Self.checkSize(event.count, limits: limits)
            return try ClientContext(checkedValue: event[...], limits: limits)
        case .template(let template):
            let event = try template.event(of: request, limits: limits)
            try Self.checkSize(event.count, limits: limits)
            return try ClientContext(checkedValue: event[...], limits: limits)
        }
    }

    /// The body may have been within the limit, and what is made of it not: the message says which is meant.
    private static func checkSize(_ byteCount: Int, limits: Limits) throws(CloudError) {
        guard byteCount > limits.clientContextBytes else { return }
        throw CloudError(
            "RequestSizeLimitExceeded",
            "The event that this hook makes of the request is \(byteCount.grouped) bytes; at most "
                + "\(limits.clientContextBytes.grouped) are allowed.")
    }
}

/// A hook's request, and the JSON in it, which is looked for once.
struct HookRequest {
    let call: HTTPCall
    let sender: HookSender

    /// The JSON that the sender means: the body, or the field `payload` of a form.
    ///
    /// - Throws: `InvalidParameterValue.Param` where it is not JSON.
    func json(limits: Limits) throws(CloudError) -> ArraySlice<UInt8> {
        let text = sender.maySendPayloadForm && isForm ? try payloadField(limits: limits) : call.request.body[...]
        guard !text.isEmpty else {
            throw CloudError("InvalidParameterValue.Param", "The body is empty; this hook takes JSON.")
        }
        do throws(JSONSyntaxError) {
            try JSONValidator.validate(text, maximumDepth: limits.nestingDepth)
        } catch {
            throw CloudError("InvalidParameterValue.Param", "The body is not JSON: \(error).")
        }
        return text
    }

    private var isForm: Bool { MediaType(call.contentType)?.essence == "application/x-www-form-urlencoded" }

    private func payloadField(limits: Limits) throws(CloudError) -> ArraySlice<UInt8> {
        let fields = QueryText.pairs(call.request.body[...], maximumCount: limits.fieldCount)
        let payloads = fields?.filter { $0.name == "payload" } ?? []
        guard payloads.count == 1, let payload = payloads.first else {
            throw CloudError("InvalidParameterValue.Param", "The form has no field 'payload', or more than one.")
        }
        return ArraySlice(payload.value.utf8)
    }
}
