// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes

/// A way in: turns an HTTP request into a call, and what comes of it back into HTTP.
protocol Door: Sendable {
    /// The methods that the door takes.
    var methods: [HTTPRequest.Method] { get }
    /// Answers a request with one of ``methods``.
    func answer(_ call: HTTPCall) async -> Response
}
