// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes

/// `GET /healthz` and `GET /readyz`, for whoever decides whether this process gets work or a restart.
struct HealthDoor: Door {
    /// Why the process cannot serve right now; `nil` where it can.
    let obstacle: @Sendable () -> String?

    var methods: [HTTPRequest.Method] { [.get, .head] }

    /// Answers as long as the process does.
    static let alive = HealthDoor { nil }

    func answer(_ call: HTTPCall) async -> Response {
        let obstacle = obstacle()
        let body = obstacle.map { "not ready: \($0)\n" } ?? "ok\n"
        return Response(
            status: obstacle == nil ? .ok : .serviceUnavailable, headerFields: AnswerFields.text,
            body: Array(body.utf8))
    }
}
