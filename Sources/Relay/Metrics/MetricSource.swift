// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation

/// Something that has numbers to tell.
protocol MetricSource: Sendable {
    /// Writes them as they are now. Runs on no loop.
    func write(to text: inout MetricsText) async
}

/// `GET /metrics`, for Prometheus. Who may read it is the web server's to say.
struct MetricsDoor: Door {
    let sources: [any MetricSource]

    var methods: [HTTPRequest.Method] { [.get, .head] }

    func answer(_ call: HTTPCall) async -> Response {
        let format = Self.format(accept: call.accept)
        // Files are read and a database is asked. The loop, which has calls to serve, waits for neither.
        let body = await withTaskExecutorPreference(globalConcurrentExecutor) {
            var text = MetricsText(format)
            for source in sources { await source.write(to: &text) }
            return text.finished()
        }
        var fields = AnswerFields.text
        fields[.contentType] = format.contentType
        return Response(status: .ok, headerFields: fields, body: body)
    }

    /// OpenMetrics for who names it and likes it as much as plain text, or better: Prometheus does.
    static func format(accept: String?) -> MetricsText.Format {
        guard let accept, accept.lowercased().contains("application/openmetrics-text") else { return .prometheus }
        let weights = ContentNegotiation.weights(
            of: [("application", "openmetrics-text"), ("text", "plain")], accept: accept)
        return weights[0] > 0 && weights[0] >= weights[1] ? .openMetrics : .prometheus
    }
}
