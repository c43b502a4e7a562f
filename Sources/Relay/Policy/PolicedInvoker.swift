// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

/// An invoker behind the rules of this relay: who may call what, how much at once, how often.
struct PolicedInvoker: Invoker {
    let functions: FunctionList
    let gate: InFlightGate
    let pacer: Pacer
    /// The caller's own rate, where it has one.
    var ownPacer: Pacer?
    /// The cloud's rate holds for Invoke alone.
    var actions = ActionChoice()
    /// What is under way, and what was refused, for whoever watches.
    var inFlight = CallsInFlight()
    var shed = ShedCalls()
    let invoker: any Invoker

    func invoke(_ request: InvokeRequest, for context: CallContext) async throws(CloudError) -> InvokeAnswer {
        try functions.check(request)
        return try await gate.pass { () async throws(CloudError) in
            let place = inFlight.enter(request, context)
            defer { inFlight.leave(place) }
            if let ownPacer { try await takeTurn(ownPacer, refused: shed.noteOverOwnRate) }
            if actions.action(for: request).isPaced { try await takeTurn(pacer, refused: shed.noteOverRate) }
            inFlight.noteSent(place)
            return try await invoker.invoke(request, for: context)
        }
    }

    private func takeTurn(_ pacer: Pacer, refused: () -> Void) async throws(CloudError) {
        do throws(CloudError) {
            try await pacer.takeTurn()
        } catch {
            // Not where the caller has left.
            if error.code == "RequestLimitExceeded" { refused() }
            throw error
        }
    }
}
