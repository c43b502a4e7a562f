// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation
import TencentCloud

/// `GET /run?FunctionName=hello`: the form, filled in with what the query says, so that a call has an address. Nothing is
/// run, and nothing is checked yet: that is for `/invoke` to do.
struct RunFormDoor: Door {
    let page: PageRendering

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        let pairs = QueryText.pairs(Array(call.query.utf8)[...], maximumCount: 64) ?? []
        var form: [String: String] = [:]
        for (name, value) in pairs where InvokeParameter(rawValue: name) != nil && form[name] == nil {
            form[name] = value
        }
        return page.response(.run, to: call, showing: RunContext.base(PageLanguage.of(call), form: form))
    }
}
