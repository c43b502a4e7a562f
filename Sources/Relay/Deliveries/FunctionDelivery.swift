// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation
import TencentCloud

/// Delivers a call to its function, through the same invoker, list, pacing and bounds as any other call.
struct FunctionDelivery: CallDelivery {
    let invoker: any Invoker
    let limits: Limits
    /// Is told of each attempt. The log is not one of these: it has a line for each attempt already.
    let observer: any CallObserver

    func deliver(_ claim: ClaimedCall) async -> Delivered {
        guard case .function(let target) = claim.call.target else { return Self.wrongKind }
        var record = CallRecord(delivery: claim)
        defer {
            record.end(bytesOut: 0)
            observer.callEnded(record)
        }
        do throws(CloudError) {
            let request = try InvokeRequest(target, payload: claim.call.payload, limits: limits)
            record.describe(request)
            let answer = try await invoker.invoke(request, for: record.context)
            record.succeeded(answer)
            return Self.delivered(answer.result, claim.call)
        } catch {
            record.fail(error, status: error.httpStatus)
            return Self.failed(error, claim.call)
        }
    }

    private static func delivered(_ result: InvokeResult, _ call: NewCall) -> Delivered {
        let id = result.functionRequestId
        guard result.failed else {
            return Delivered(
                result: .delivered(AttemptOutcome(code: "OK", functionRequestId: id)),
                callbackBody: CallbackBody.of(result, call))
        }
        return Delivered(
            result: .failed(
                AttemptOutcome(
                    code: "FunctionFailed", message: "The function ran, and failed.", functionRequestId: id)),
            callbackBody: CallbackBody.of(result, call))
    }

    private static func failed(_ error: CloudError, _ call: NewCall) -> Delivered {
        let outcome = AttemptOutcome(code: error.code.rawValue, message: error.message)
        let isOutage = error.code == "ClientError.NetworkError" || error.code.belongs(to: "AuthFailure")
        let result: DeliveryResult =
            error.mayHaveRun
            ? .unknown(outcome)
            : isLasting(error.code)
                ? .refused(outcome) : .notDelivered(outcome, retryAfterSeconds: error.retryAfterSeconds)
        return Delivered(
            result: result, callbackBody: CallbackBody.of(error, call), isOutage: isOutage && !error.mayHaveRun)
    }

    /// Whether the same call would be refused at any other time too. A function that is missing may yet be deployed.
    private static func isLasting(_ code: ErrorCode) -> Bool {
        [
            "InvalidParameter", "InvalidParameterValue", "MissingParameter", "UnknownParameter",
            "RequestSizeLimitExceeded",
        ]
        .contains { code.belongs(to: $0) } || code == "UnauthorizedOperation.CAM"
    }

    private static let wrongKind = Delivered(
        result: .refused(AttemptOutcome(code: "InternalError", message: "This is no call of a function.")))
}
