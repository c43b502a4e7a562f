// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation
import TencentCloud

extension NewCall {
    /// A delivery as it is stored.
    init(_ delivery: HookDelivery, id: String) {
        let request = delivery.request
        self.init(
            id: id, hook: delivery.hook,
            target: .function(
                FunctionTarget(
                    functionName: request.functionName, namespace: request.namespace, qualifier: request.qualifier,
                    region: request.region, routingKey: request.routingKey,
                    invocationType: request.invocationType.rawValue)),
            payload: request.clientContext?.text, idempotent: delivery.rules.idempotent,
            lane: delivery.rules.ordered ? request.lane : nil, callback: delivery.rules.callback,
            trace: delivery.trace?.traceparent)
    }
}

extension InvokeRequest {
    /// What calls of the same function have in common, whichever hook they came by and whichever version they name. Not the
    /// region: one hook may name the region that another one gets by default.
    fileprivate var lane: String { "\(namespace ?? "default")/\(functionName)" }

    /// A stored call as it is sent. It is checked again: the limits may be others by now.
    ///
    /// - Throws: What ``init(_:limits:)`` throws.
    init(_ target: FunctionTarget, payload: [UInt8]?, limits: Limits) throws(CloudError) {
        var fields = InvokeFields()
        let texts: [(InvokeParameter, String?)] = [
            (.functionName, target.functionName), (.namespace, target.namespace), (.qualifier, target.qualifier),
            (.region, target.region), (.routingKey, target.routingKey), (.invocationType, target.invocationType),
        ]
        for (parameter, text) in texts { if let text { fields.set(parameter, to: text) } }
        if let payload { fields.set(try ClientContext(ifAny: payload[...], limits: limits)) }
        try self.init(fields, limits: limits)
    }
}
