// SPDX-License-Identifier: Apache-2.0

public import FastCGI
import HTTPTypes
import TencentCloud

/// Leads each request to its door by path, and puts on every answer what all of them carry.
public struct Router: Sendable {
    private let doors: [String: any Door]
    private let folders: [String: any Door]
    private let errors: ErrorRendering
    private let observer: any CallObserver

    /// - Parameters:
    ///   - doors: The door of each path.
    ///   - folders: The door of every path that begins with this folder, such as `/deliveries/`, and has one part more.
    ///   - errors: Renders what no door answers.
    ///   - observer: Is told of each call that no door answers.
    init(
        doors: [String: any Door], folders: [String: any Door] = [:], errors: ErrorRendering, observer: any CallObserver
    ) {
        self.doors = doors
        self.folders = folders
        self.errors = errors
        self.observer = observer
    }

    /// Answers a request.
    public func answer(_ request: FastCGI.Request) async -> Response {
        let call = HTTPCall(request)
        switch way(of: call) {
        case .through(let door): return complete(await door.answer(call), for: call)
        case .refused(let response): return complete(response, for: call)
        }
    }

    private enum Way {
        case through(any Door)
        case refused(Response)
    }

    /// Out of line: what answering a refusal needs would be part of what each call holds while it waits.
    @inline(never)
    private func way(of call: HTTPCall) -> Way {
        guard let door = door(at: call.path) else { return .refused(refuse(call, unknownPath)) }
        guard door.methods.contains(call.method) else {
            var response = refuse(call, wrongMethod(call, door))
            response.headerFields[.allow] = door.methods.map(\.rawValue).joined(separator: ", ")
            return .refused(response)
        }
        return .through(door)
    }

    private func door(at path: String) -> (any Door)? {
        // Strings are equal that are different bytes: the Kelvin sign is equal to K. The web server, whose rules have let
        // the request pass, compares bytes. All of our addresses are ASCII, as HTTP has it.
        guard path.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        if let door = doors[path] { return door }
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return folders[String(path[...slash])]
    }

    /// Answers a request that was over a limit or broken before any door could see it.
    public func answer(_ refusal: Refusal, _ parameters: Parameters) -> Response {
        let call = HTTPCall(Request(parameters: parameters))
        return complete(refuse(call, errors.error(for: refusal, call)), for: call)
    }

    private func complete(_ response: Response, for call: HTTPCall) -> Response {
        var response = response
        response.setOwn(call.requestId, for: .xRequestId)
        response.leavesOutBody = call.method == .head
        return response
    }

    private func refuse(_ call: HTTPCall, _ error: CloudError) -> Response {
        let response = errors.response(to: call, error)
        var record = CallRecord(call, door: "none")
        record.fail(error, status: response.status.code)
        record.end(bytesOut: response.body.count)
        observer.callEnded(record)
        return response
    }

    private var unknownPath: CloudError {
        CloudError("ResourceNotFound", "There is nothing at this address.")
    }

    private func wrongMethod(_ call: HTTPCall, _ door: any Door) -> CloudError {
        let right = door.methods.map(\.rawValue).joined(separator: " and ")
        return CloudError(
            "UnsupportedProtocol",
            "\(call.method.rawValue) is not taken at \(call.path); \(right) \(door.methods.count == 1 ? "is" : "are").",
            httpStatus: 405)
    }
}
