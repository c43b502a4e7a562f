// SPDX-License-Identifier: Apache-2.0

import Invocation

/// A call written as code: what the form holds, no more and no less.
struct CallCode {
    /// Where the code sends the call.
    struct Target: Sendable {
        /// Where SDKs and tccli send it: the relay's own cloud API where its address is known, else the cloud itself.
        let endpoint: CloudEndpoint
        /// The region of calls that name none.
        let region: String
    }

    /// This site, as whoever asks sees it: where curl sends the call.
    struct Site {
        /// Such as `https://relay.example.com`.
        let origin: String
        /// Whether the web server asks for a password.
        let needsPassword: Bool
    }

    /// A longer event is read from a file: it would drown the code, and Java takes no longer literals, shells no longer
    /// words.
    static let contextBytes = 32 << 10
    /// That file.
    static let contextFile = "event.json"

    let request: InvokeRequest
    let target: Target
    let site: Site

    /// Whether the code reads the event from ``contextFile``.
    var readsFile: Bool { (request.clientContext?.byteCount ?? 0) > Self.contextBytes }

    /// What the templates of `Code/Templates` are given: the parameters by their names, absent where the call has none or
    /// the API's default; and
    ///
    ///     contextFile             absent, or the file that the event is read from
    ///     Region, chosenRegion    the region; the same, absent where the call names none
    ///     endpoint, plainHTTP     host and port of the cloud's API; whether it is spoken without TLS
    ///     invokeURL, user         the address of /invoke; whether it asks for a password
    ///     isEvent, isTail         how it is run, and whether the answer has a log
    var context: [String: any Sendable] {
        let isEvent = request.invocationType == .event
        let isTail = request.logType == .tail
        var context: [String: any Sendable] = [
            "FunctionName": request.functionName,
            "Region": request.region ?? target.region,
            "endpoint": target.endpoint.host,
            "plainHTTP": !target.endpoint.isEncrypted,
            "invokeURL": site.origin + "/invoke",
            "user": site.needsPassword,
            "isEvent": isEvent,
            "isTail": isTail && !isEvent,
        ]
        if isEvent { context["InvocationType"] = request.invocationType.rawValue }
        if isTail { context["LogType"] = request.logType.rawValue }
        context["Namespace"] = request.namespace
        context["Qualifier"] = request.qualifier
        context["RoutingKey"] = request.routingKey
        context["chosenRegion"] = request.region
        if readsFile {
            context["contextFile"] = Self.contextFile
        } else if let event = request.clientContext {
            context["ClientContext"] = String(decoding: event.text, as: UTF8.self)
        }
        return context
    }
}
