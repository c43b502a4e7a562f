// SPDX-License-Identifier: Apache-2.0

import FastCGI
import Invocation
import NginxConfiguration

/// Looks at one way through nginx to the relay.
struct RouteExamination {
    let route: RelayRoute
    let relay: Examined

    /// What nginx does where it is told nothing (nginx.org, ngx_http_core_module and ngx_http_fastcgi_module).
    private enum Default {
        static let bodyBytes = 1 << 20
        static let readSeconds = 60
        static let keepaliveSeconds = 60
        static let buffers = (8, 8192)
        static let temporaryFileBytes = 1 << 30
    }

    var findings: [Finding] {
        let single = [
            bodySize, readTimeout, keptConnections, idleTimeout, retries, requestBuffering, responseBuffering, errors,
            cache,
        ]
        return single.compactMap { $0 } + parameters
    }
}

// MARK: - Sizes

extension RouteExamination {
    private var bodySize: Finding? {
        guard route.takesEvents else { return nil }
        let event = relay.configuration.limits.clientContextBytes
        let (needed, written, reason) =
            route.door == .site
            ? (
                3 * event, 4 * event,
                "an event of \(event) bytes has up to \(3 * event) where a form writes each byte as %XX"
            )
            : (RequestSize.bodyBytes, 11 << 20, "a call of the cloud API may have \(RequestSize.bodyBytes)")
        let directive = route.location.directive("client_max_body_size")
        guard let bytes = value(of: directive, Value.bytes, orElse: Default.bodyBytes), bytes > 0, bytes < needed else {
            return nil
        }
        return Finding(
            at: place(directive, orElse: route.door == .site ? route.locationPlace : route.serverPlace),
            "nginx takes bodies of \(bytes) bytes here, but \(reason): nginx answers such a call with 413, and the relay "
                + "never sees it.", write: "client_max_body_size \(Self.size(written));")
    }

    private var responseBuffering: Finding? {
        if let directive = off("fastcgi_buffering") {
            return Finding(
                at: place(directive),
                "Answers are not buffered: each caller with a slow line holds the relay until the last byte.",
                write: "fastcgi_buffering on;")
        }
        guard route.waitsForFunctions else { return nil }
        let buffers = route.location.directive("fastcgi_buffers")
        let (count, size) = numbers(buffers) ?? Default.buffers
        let file = route.location.directive("fastcgi_max_temp_file_size")
        guard let fileBytes = value(of: file, Value.bytes, orElse: Default.temporaryFileBytes) else { return nil }
        guard count * size + fileBytes < Self.answerBytes else { return nil }
        return Finding(
            at: place(file ?? buffers, orElse: route.serverPlace),
            "nginx has room for \(count * size + fileBytes) bytes of an answer, which may have \(Self.answerBytes): with a "
                + "slow caller the relay waits for the rest, and gives up after 30 s without progress.",
            write: "fastcgi_max_temp_file_size 16m;")
    }

    /// What a function may return (document 583/11637).
    private static let answerBytes = 6 << 20

    private static func size(_ bytes: Int) -> String {
        if bytes.isMultiple(of: 1 << 20) { return "\(bytes >> 20)m" }
        return bytes.isMultiple(of: 1 << 10) ? "\(bytes >> 10)k" : "\(bytes)"
    }
}

// MARK: - Times

extension RouteExamination {
    private var readTimeout: Finding? {
        guard route.waitsForFunctions else { return nil }
        let directive = route.location.directive("fastcgi_read_timeout")
        guard let seconds = value(of: directive, Value.seconds, orElse: Default.readSeconds), seconds <= relay.patience
        else { return nil }
        let cloud = relay.configuration.cloud.timeoutSeconds
        let queue = relay.configuration.load.queueSeconds
        return Finding(
            at: place(directive, orElse: route.serverPlace),
            "nginx waits \(seconds) s for an answer, and the relay up to \(relay.patience) s (cloud.timeoutSeconds \(cloud) "
                + "and limits.queueSeconds \(queue)): the caller gets nginx's 504 and never learns what became of the call.",
            write: "fastcgi_read_timeout \(relay.patience + 15)s;")
    }

    private var keptConnections: Finding? {
        guard let keepalive = route.upstream?.block?.first(where: { $0.name == "keepalive" }) else { return nil }
        let directive = route.location.directive("fastcgi_keep_conn")
        guard directive?.arguments.first != "on" else { return nil }
        return Finding(
            at: place(directive, orElse: route.serverPlace),
            "The upstream keeps connections (\(keepalive.place)), but the relay is told to close each after its answer.",
            write: "fastcgi_keep_conn on;")
    }

    private var idleTimeout: Finding? {
        guard let block = route.upstream?.block, block.contains(where: { $0.name == "keepalive" }) else { return nil }
        let directive = block.last { $0.name == "keepalive_timeout" }
        let idle = Int(FastCGI.Server.Settings().idleTimeout.components.seconds)
        guard let seconds = value(of: directive, Value.seconds, orElse: Default.keepaliveSeconds), seconds >= idle
        else { return nil }
        return Finding(
            at: place(directive),
            "nginx keeps idle connections for \(seconds) s, the relay for \(idle) s: a call may be sent on one that the relay "
                + "is just closing, and a POST is not sent again.", write: "keepalive_timeout 60s;")
    }
}

// MARK: - What nginx does with calls and answers

extension RouteExamination {
    private var retries: Finding? {
        let directive = route.location.directive("fastcgi_next_upstream")
        guard let directive, directive.arguments.contains("non_idempotent") else { return nil }
        return Finding(
            at: place(directive),
            "A POST that one relay has got is sent to the next when something goes wrong: its function may run twice.",
            write: "fastcgi_next_upstream error timeout;")
    }

    private var requestBuffering: Finding? {
        guard route.takesEvents, let directive = off("fastcgi_request_buffering") else { return nil }
        return Finding(
            at: place(directive),
            "Bodies are passed on as they come: a slow client holds a connection of the relay, which gives it 30 s, and a "
                + "chunked body has no length, so that the relay refuses it.", write: "fastcgi_request_buffering on;")
    }

    private var errors: Finding? {
        guard let directive = route.location.directive("fastcgi_intercept_errors"), directive.arguments.first == "on"
        else { return nil }
        return Finding(
            at: place(directive),
            "nginx puts pages of its own in the place of the relay's error answers, which say what went wrong.",
            write: "fastcgi_intercept_errors off;")
    }

    private var cache: Finding? {
        guard let directive = route.location.directive("fastcgi_cache"), directive.arguments.first != "off" else {
            return nil
        }
        return Finding(
            at: place(directive), "Answers are cached: one caller would get what a function has returned to another.",
            write: "fastcgi_cache off;")
    }

    private static let needed = [
        ("REQUEST_METHOD", "$request_method"), ("REQUEST_URI", "$request_uri"), ("QUERY_STRING", "$query_string"),
        ("CONTENT_TYPE", "$content_type"), ("CONTENT_LENGTH", "$content_length"), ("REMOTE_ADDR", "$remote_addr"),
    ]

    private var parameters: [Finding] {
        let all = route.location.all("fastcgi_param")
        let place = all.first.map { "\($0.place)" } ?? route.serverPlace
        let hint = " (A location that sets one fastcgi_param of its own takes none from around it.)"
        let names = Set(all.compactMap(\.arguments.first))
        var findings: [Finding] = []
        let missing = Self.needed.filter { !names.contains($0.0) }
        if !missing.isEmpty {
            findings.append(
                Finding(
                    at: place, "The relay is not told \(missing.map(\.0).joined(separator: ", ")).\(hint)",
                    write: missing.map { "fastcgi_param \($0.0) \($0.1);" }.joined(separator: "\n")))
        }
        let proxy = all.last { $0.arguments.first == "HTTP_PROXY" }
        if proxy?.arguments.dropFirst().first != "" {
            findings.append(
                Finding(
                    at: proxy.map { "\($0.place)" } ?? place,
                    "A client's header field 'Proxy' reaches the relay as HTTP_PROXY, which libraries take for the name of a "
                        + "proxy (httpoxy).\(hint)", write: #"fastcgi_param HTTP_PROXY "";"#))
        }
        return findings
    }
}

// MARK: - Directives

extension RouteExamination {
    private func off(_ name: String) -> Directive? {
        route.location.directive(name).flatMap { $0.arguments.first == "off" ? $0 : nil }
    }

    private func place(_ directive: Directive?, orElse other: String? = nil) -> String? {
        directive.map { "\($0.place)" } ?? other
    }

    /// - Returns: `nil` where the value is one that only nginx knows.
    private func value(of directive: Directive?, _ read: (String) -> Int?, orElse usual: Int) -> Int? {
        guard let directive else { return usual }
        return directive.arguments.first.flatMap(read)
    }

    private func numbers(_ directive: Directive?) -> (Int, Int)? {
        guard let arguments = directive?.arguments, arguments.count == 2, let count = Int(arguments[0]),
            let size = Value.bytes(arguments[1])
        else { return nil }
        return (count, size)
    }
}
