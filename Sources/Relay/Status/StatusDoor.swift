// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes

/// `GET /status`: what the relay does right now, as text; `?json` as JSON; `?full` with each call under way. The names of
/// PHP-FPM's status page, where it has one for the same. Who may read it is the web server's to say.
struct StatusDoor: Door {
    let sources: StatusReport.Sources

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        let wishes = call.query.split(separator: "&")
        let full = wishes.contains("full")
        // The kernel and a database are asked. The loop, which has calls to serve, waits for neither.
        let report = await withTaskExecutorPreference(globalConcurrentExecutor) { await StatusReport(sources) }
        if wishes.contains("json") {
            return Response(status: .ok, headerFields: AnswerFields.json, body: report.json(full: full))
        }
        return Response(status: .ok, headerFields: AnswerFields.text, body: report.text(full: full))
    }
}
