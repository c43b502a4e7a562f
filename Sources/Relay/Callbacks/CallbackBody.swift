// SPDX-License-Identifier: Apache-2.0

import CallStore
import Invocation
import StrictJSON
import TencentCloud

/// What a callback says: the form that Standard Webhooks recommends, a type and its data.
enum CallbackBody {
    /// - Returns: `nil` where the call has no callback.
    static func of(_ result: InvokeResult, _ call: NewCall) -> [UInt8]? {
        body(
            call, type: result.failed ? "function.failed" : "function.done",
            [
                ("code", result.failed ? "FunctionFailed" : "OK"), ("functionRequestId", result.functionRequestId),
                ("retMsg", result.retMsg), ("errMsg", result.errMsg),
            ])
    }

    /// - Returns: `nil` where the call has no callback.
    static func of(_ error: CloudError, _ call: NewCall) -> [UInt8]? {
        body(call, type: "function.not-run", [("code", error.code.rawValue), ("message", error.message)])
    }

    private static func body(_ call: NewCall, type: String, _ members: [(String, String)]) -> [UInt8]? {
        guard call.callback != nil, case .function(let target) = call.target else { return nil }
        let all =
            [
                ("id", call.id), ("hook", call.hook), ("functionName", target.functionName),
                ("namespace", target.namespace ?? "default"),
            ] + members
        var text = Array(#"{"type":"#.utf8)
        JSONString.appendQuoted(type, to: &text)
        text += #","data":{"#.utf8
        for (index, member) in all.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            JSONString.appendQuoted(member.0, to: &text)
            text.append(UInt8(ascii: ":"))
            JSONString.appendQuoted(member.1, to: &text)
        }
        text += "}}".utf8
        return text
    }
}
