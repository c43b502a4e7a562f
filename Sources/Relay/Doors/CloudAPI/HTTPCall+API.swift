// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import TencentCloud

extension HTTPCall {
    /// The language that a header asks for, for what is answered before the parameters can be read.
    var apiLanguage: Language {
        header("X-TC-Language").flatMap(Language.init) ?? .en
    }
}

extension APICall {
    /// Reads the call in an HTTP request.
    init(_ call: HTTPCall) throws(CloudError) {
        try self.init(
            method: call.method.rawValue, query: call.query, body: call.request.body[...], header: call.header)
    }
}
