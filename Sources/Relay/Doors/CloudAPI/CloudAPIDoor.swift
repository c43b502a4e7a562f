// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// The cloud's own API, as official SDKs and tccli speak it: `POST /` and `GET /?…`, signed with TC3-HMAC-SHA256.
///
/// Whatever happens, the answer is HTTP 200 with the envelope: SDKs take any other status for a broken server.
///
/// The order of the checks follows what has been seen of the cloud: size, common parameters, signature, action,
/// version, region, parameters.
struct CloudAPIDoor: Door {
    /// Bytes of a GET's query and of a POST's body (document 608/33031; the numbers are our reading of "32 KB, 10 MB").
    static let queryBytes = 32_768
    static let bodyBytes = 10_485_760

    let access: any CloudAPIAccess
    let verifier: TC3Verifier
    let limits: Limits
    let log: CallLog
    let now: @Sendable () -> Int

    var methods: [HTTPRequest.Method] { [.get, .post] }

    func answer(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "cloud-api")
        var body: [UInt8]
        do throws(CloudError) {
            let (request, admission) = try verified(call, &record)
            record.describe(request)
            let answer = try await admission.invoker.invoke(request, requestId: call.requestId)
            record.succeeded(answer)
            body = answer.envelope
        } catch {
            record.fail(error, status: 200)
            body = ResponseEnvelope.failure(error, requestId: call.requestId)
        }
        record.bytesOut = body.count
        log.write(record)
        return Response(status: .ok, headerFields: AnswerFields.json, body: body)
    }

    private func verified(
        _ call: HTTPCall, _ record: inout CallRecord
    ) throws(CloudError) -> (InvokeRequest, Admission) {
        try checkSize(call)
        let caller = try verifier.verify(
            method: call.method.rawValue, query: call.query, body: call.request.body.span, now: now(),
            header: call.header)
        record.secretId = caller.secretId
        let admission = access.admit(caller)
        record.admitted(admission)
        try checkAction(call)
        var fields = try fields(of: call)
        try fields.announce(.region)
        fields.set(.region, to: call.header("X-TC-Region") ?? "")
        return (try InvokeRequest(fields, limits: limits), admission)
    }

    private func checkSize(_ call: HTTPCall) throws(CloudError) {
        let (size, limit) =
            call.method == .get
            ? (call.query.utf8.count, Self.queryBytes) : (call.request.body.count, Self.bodyBytes)
        guard size > limit else { return }
        throw CloudError(
            "RequestSizeLimitExceeded", "Your current request size exceed  max \(limit)B, but your \(size)B.")
    }

    private func checkAction(_ call: HTTPCall) throws(CloudError) {
        guard call.header("X-TC-Action") == "Invoke" else {
            throw CloudError("InvalidAction", "The API does not exist. This one is Invoke.")
        }
        guard call.header("X-TC-Version") == "2018-04-16" else {
            throw CloudError("NoSuchVersion", "The API version does not exist. Invoke has 2018-04-16.")
        }
        guard let region = call.header("X-TC-Region"), !region.isEmpty else {
            throw CloudError("MissingParameter", "The request is missing a required parameter `Region`.")
        }
    }

    private func fields(of call: HTTPCall) throws(CloudError) -> InvokeFields {
        if call.method == .get {
            return try URLEncodedBody.fields(in: Self.withoutAction(call.query), limits: limits)
        }
        guard MediaType(call.contentType)?.essence == "application/json" else {
            throw CloudError(
                "UnsupportedProtocol", "Invoke takes its parameters as application/json, or as a GET's query.")
        }
        return try JSONBody.fields(in: call.request.body[...], clientContext: .stringOnly, limits: limits)
    }

    /// The API page writes action and version into the query too; what counts is the header, which is checked.
    private static func withoutAction(_ query: String) -> ArraySlice<UInt8> {
        let pieces = query.utf8.split(separator: UInt8(ascii: "&"))
        let own = pieces.filter { !$0.starts(with: "Action=".utf8) && !$0.starts(with: "Version=".utf8) }
        return ArraySlice(own.joined(separator: CollectionOfOne(UInt8(ascii: "&"))))
    }
}
