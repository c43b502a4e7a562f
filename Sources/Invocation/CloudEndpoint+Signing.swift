// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
import TencentCloud

extension CloudEndpoint {
    /// A call of the API, signed.
    ///
    /// - Parameters:
    ///   - action: Such as `Invoke`.
    ///   - body: JSON.
    ///   - region: The region that the call is for.
    ///   - trace: The trace that the call belongs to; `nil` for none.
    ///   - timestamp: The cloud's time, in UNIX seconds.
    ///   - signer: Signs it.
    ///   - timeout: Time for the call.
    /// - Returns: What is to be sent.
    func request(
        action: String, _ body: [ArraySlice<UInt8>], region: String, trace: TraceContext? = nil, timestamp: Int,
        by signer: TC3Signer, timeout: Duration
    ) -> HTTPClient.Request {
        let contentType = "application/json"
        let signature = signer.sign(
            contentType: contentType, pieces: body, timestamp: timestamp,
            // Without it, whoever sees a signed call could use it for another action.
            extraHeaders: [TC3Header("x-tc-action", action)])
        // The type is written out: fields without labels would be converted one by one, at run time.
        var fields: [(name: String, value: String)] = [
            ("Authorization", signature.authorization), ("Content-Type", contentType), ("Host", host),
            ("X-TC-Action", action), ("X-TC-Version", "2018-04-16"), ("X-TC-Timestamp", signature.timestamp),
            ("X-TC-Region", region), ("X-TC-Language", "en-US"),
        ]
        // Not signed, and the cloud need not understand it: SignedHeaders names what is.
        if let trace { fields.append(contentsOf: trace.headerFields) }
        if let token = signer.credential.token { fields.append(("X-TC-Token", token.reveal())) }
        return HTTPClient.Request(url: url, headerFields: fields, body: body, timeout: timeout)
    }
}
