// SPDX-License-Identifier: Apache-2.0

import EventLoop
import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// What the log says about one call: who, what, how it went, how long it took. Never a payload, never a key.
struct CallRecord {
    let requestId: String
    let door: String
    private(set) var caller: String
    let method: String
    let path: String
    let bytesIn: Int
    let started = Monotonic.now

    private(set) var function = ""
    private(set) var invocationType = ""
    private(set) var status = 200
    private(set) var code = "OK"
    private(set) var message = ""
    private(set) var detail = ""
    private(set) var cloudRequestId = ""
    private(set) var functionFailed = false
    private(set) var result: InvokeResult?
    private(set) var secretId = ""
    /// Which of the caller's keys the call was signed with, from 1; `nil` where it has but one.
    private(set) var key: Int?
    private(set) var algorithm = ""
    var bytesOut = 0

    init(_ call: HTTPCall, door: String) {
        requestId = call.requestId
        self.door = door
        caller = call.caller
        method = call.method.rawValue
        path = call.path
        bytesIn = call.request.body.count
    }

    /// Notes who called, under the caller's name where it has one.
    mutating func admit(_ caller: VerifiedCaller, as admission: Admission) {
        secretId = caller.secretId
        key = admission.key
        algorithm = caller.algorithm.name
        if let name = admission.name { self.caller = name }
    }

    mutating func describe(_ request: InvokeRequest) {
        function = "\(request.namespace ?? "default")/\(request.functionName)"
        invocationType = request.invocationType.rawValue
    }

    mutating func succeeded(_ answer: InvokeAnswer) {
        cloudRequestId = answer.requestId
        functionFailed = answer.result.failed
        result = answer.result
    }

    mutating func fail(_ error: CloudError, status: Int) {
        self.status = status
        code = error.code.rawValue
        // Whoever posts a payload as a form has it read as names: what the caller may see of it, the log may not.
        message = error.code == "UnknownParameter" ? "an unknown parameter" : error.message
        detail = error.operatorDetail ?? ""
        cloudRequestId = error.upstreamRequestId ?? ""
    }

    func failed(_ error: CloudError, status: Int) -> CallRecord {
        var record = self
        record.fail(error, status: status)
        return record
    }
}
