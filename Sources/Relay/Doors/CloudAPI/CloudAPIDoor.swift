// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// The cloud's own API, as official SDKs and tccli speak it: `POST /` and `GET /?…`, signed with TC3 or v1.
///
/// Whatever happens, the answer is HTTP 200 with the envelope: SDKs take any other status for a broken server.
///
/// The order of the checks follows what has been seen of the cloud: size, common parameters, signature, action,
/// version, region, parameters.
struct CloudAPIDoor: Door {
    let access: any CloudAPIAccess
    let verifier: CallVerifier
    let regions: RegionRule
    let limits: Limits
    let observer: any CallObserver
    let now: @Sendable () -> Int

    var methods: [HTTPRequest.Method] { [.get, .post] }

    func answer(_ call: HTTPCall) async -> Response {
        var record = CallRecord(call, door: "cloud-api")
        var signed: APICall?
        var body: [UInt8]
        do throws(CloudError) {
            try RequestSize.check(call)
            let read = try APICall(call)
            signed = read
            let admitted = try admit(read, call, &record)
            body = try await perform(try CloudAPIAction(of: read, among: admitted.offeredActions), admitted, &record)
        } catch {
            record.fail(error, status: 200)
            let language = signed?.language ?? call.apiLanguage
            body = ResponseEnvelope.failure(error.translated(to: language), requestId: call.requestId)
        }
        record.end(bytesOut: body.count)
        observer.callEnded(record)
        return Response(status: .ok, commonFields: AnswerFields.encodedJSON, body: body)
    }

    private func admit(
        _ signed: APICall, _ call: HTTPCall, _ record: inout CallRecord
    ) throws(CloudError) -> AdmittedCall {
        let caller = try verifier.verify(signed, body: call.request.body.span, now: now())
        let admission = access.admit(caller)
        record.admit(caller, as: admission)
        return AdmittedCall(http: call, api: signed, invoker: admission.invoker, catalogue: admission.catalogue)
    }

    /// - Returns: The envelope to answer with.
    private func perform(
        _ action: CloudAPIAction, _ call: AdmittedCall, _ record: inout CallRecord
    ) async throws(CloudError) -> [UInt8] {
        record.action = action.rawValue
        let region = try regions.region(of: call.api)
        switch action {
        case .invoke: return try await run(.invoke, call, region: region, &record)
        case .invokeFunction: return try await run(.invokeFunction, call, region: region, &record)
        case .listFunctions: return try await ask(.listFunctions, call)
        case .getFunction: return try await ask(.getFunction, call)
        }
    }

    private func ask(_ action: CatalogueAction, _ call: AdmittedCall) async throws(CloudError) -> [UInt8] {
        guard let catalogue = call.catalogue else { preconditionFailure("an action that is not offered") }
        return try await catalogue.answer(action, parameters: call.textParameters(), requestId: call.http.requestId)
    }

    private func run(
        _ action: InvokeAction, _ call: AdmittedCall, region: String, _ record: inout CallRecord
    ) async throws(CloudError) -> [UInt8] {
        var fields = try call.fields(InvokeParameterNames(action), limits: limits)
        fields.set(.region, to: region)
        let request = try InvokeRequest(fields, limits: limits)
        record.describe(request)
        let answer = try await call.invoker.invoke(request, for: record.context)
        record.succeeded(answer)
        return answer.envelope
    }
}
