// SPDX-License-Identifier: Apache-2.0

import CallStore
import EventLoop
import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// One call: who, what, how it went, how long it took. Never a key.
struct CallRecord {
    let requestId: String
    /// The trace that the call belongs to.
    let trace: TraceContext
    let door: String
    private(set) var caller: String
    let method: String
    let path: String
    let bytesIn: Int
    private let started = Monotonic.now
    /// From the request to the answer; zero before ``end(bytesOut:)``.
    private(set) var elapsed = Duration.zero

    /// What was to run, where it came to that. Holds ClientContext, which no log may show.
    private(set) var request: InvokeRequest?
    var status = 200
    private(set) var code = "OK"
    private(set) var message = ""
    private(set) var detail = ""
    private(set) var cloudRequestId = ""
    /// Whether the function may have run although the call failed.
    private(set) var mayHaveRun = false
    /// The id that the caller wants to find the call by in the history.
    var historyId: String?
    private(set) var functionFailed = false
    /// What the function returned. Holds its RetMsg and log, which no log of ours may show.
    private(set) var result: InvokeResult?
    private(set) var secretId = ""
    /// Which of the caller's keys the call was signed with, from 1; `nil` where it has but one.
    private(set) var key: Int?
    private(set) var algorithm = ""
    /// The action of the cloud's API that was called.
    var action = ""
    /// The hook that was called, and the id of the secret that its sender showed.
    var hook = ""
    var hookSecret = ""
    /// Under which id an accepted call is kept, and delivered.
    var deliveryId = ""
    /// What was out of the ordinary about a call that went well.
    var note = ""
    private(set) var bytesOut = 0

    init(_ call: HTTPCall, door: String) {
        requestId = call.requestId
        trace = call.trace
        self.door = door
        caller = call.caller
        method = call.method.rawValue
        path = call.path
        bytesIn = call.request.body.count
    }

    /// A delivery of a call that was accepted earlier: the id is the delivery's.
    init(delivery claim: ClaimedCall) {
        requestId = claim.call.id
        trace = TraceContext(of: claim.call)
        door = "delivery"
        caller = claim.call.hook
        method = ""
        path = ""
        bytesIn = claim.call.payload?.count ?? 0
        hook = claim.call.hook
    }

    /// What goes with the call to whoever runs it.
    var context: CallContext {
        CallContext(requestId: requestId, trace: trace, door: door, caller: caller)
    }

    /// Notes who called, under the caller's name where it has one.
    mutating func admit(_ caller: VerifiedCaller, as admission: Admission) {
        secretId = caller.secretId
        key = admission.key
        algorithm = caller.algorithm.name
        if let name = admission.name { self.caller = name }
    }

    mutating func describe(_ request: InvokeRequest) {
        self.request = request
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
        mayHaveRun = error.mayHaveRun
    }

    /// The answer is made. The call is not changed any more.
    mutating func end(bytesOut: Int) {
        self.bytesOut = bytesOut
        elapsed = .nanoseconds(Monotonic.now.nanoseconds - started.nanoseconds)
    }
}

extension TraceContext {
    /// The trace of an accepted call: that of the request by which it came.
    init(of call: NewCall) {
        self.init(traceparent: call.trace.map { [$0] } ?? [], tracestate: [], requestId: call.id)
    }
}
