// SPDX-License-Identifier: Apache-2.0

public import FastCGI
import HTTPTypes
import TencentCloud

/// Leads each request to its door by path, and puts on every answer what all of them carry.
public struct Router: Sendable {
    private let doors: [String: any Door]
    private let errors: ErrorRendering
    private let log: CallLog

    init(doors: [String: any Door], errors: ErrorRendering, log: CallLog) {
        self.doors = doors
        self.errors = errors
        self.log = log
    }

    /// Answers a request.
    public func answer(_ request: FastCGI.Request) async -> Response {
        let call = HTTPCall(request)
        guard let door = doors[call.path] else { return complete(refuse(call, unknownPath), for: call) }
        guard door.methods.contains(call.method) else {
            var response = refuse(call, wrongMethod(call, door))
            response.headerFields[.allow] = door.methods.map(\.rawValue).joined(separator: ", ")
            return complete(response, for: call)
        }
        return complete(await door.answer(call), for: call)
    }

    /// Answers a request that was over a limit or broken before any door could see it.
    public func answer(_ refusal: Refusal, _ parameters: Parameters) -> Response {
        let call = HTTPCall(Request(parameters: parameters))
        return complete(refuse(call, errors.error(for: refusal, call)), for: call)
    }

    private func complete(_ response: Response, for call: HTTPCall) -> Response {
        var response = response
        response.headerFields[.xRequestId] = call.requestId
        response.leavesOutBody = call.method == .head
        return response
    }

    private func refuse(_ call: HTTPCall, _ error: CloudError) -> Response {
        let response = errors.response(to: call, error)
        log.write(CallRecord(call, door: "none").failed(error, status: response.status.code))
        return response
    }

    private var unknownPath: CloudError {
        CloudError("ResourceNotFound", "There is nothing at this address.")
    }

    private func wrongMethod(_ call: HTTPCall, _ door: any Door) -> CloudError {
        let right = door.methods.map(\.rawValue).joined(separator: " and ")
        return CloudError(
            "UnsupportedProtocol", "\(call.method.rawValue) is not taken at \(call.path); \(right) is.",
            httpStatus: 405)
    }
}
