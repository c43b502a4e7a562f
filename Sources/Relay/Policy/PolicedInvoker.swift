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
    let invoker: any Invoker

    func invoke(_ request: InvokeRequest, requestId: String) async throws(CloudError) -> InvokeAnswer {
        try functions.check(request)
        return try await gate.pass { () async throws(CloudError) in
            try await ownPacer?.takeTurn()
            if actions.action(for: request).isPaced { try await pacer.takeTurn() }
            return try await invoker.invoke(request, requestId: requestId)
        }
    }
}
