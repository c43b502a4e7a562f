// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import Invocation

/// A request as doors look at it: the HTTP in a FastCGI request, and the id that answer and log share.
struct HTTPCall: Sendable {
    let request: FastCGI.Request
    let requestId: String
    let method: HTTPRequest.Method
    /// The path, as sent, without the query.
    let path: String
    let contentType: String

    init(_ request: FastCGI.Request) {
        self.request = request
        requestId = RequestId.of(request.parameters)
        method = request.parameters["REQUEST_METHOD"].flatMap { HTTPRequest.Method($0) } ?? Self.noMethod
        let target = request.parameters.bytes("REQUEST_URI") ?? []
        path = String(decoding: target.prefix { $0 != UInt8(ascii: "?") }, as: UTF8.self)
        contentType = request.parameters["CONTENT_TYPE"] ?? ""
    }

    /// Stands for what is no method at all; no door takes it.
    private static let noMethod = HTTPRequest.Method("NONE") ?? .trace

    var query: String { request.parameters["QUERY_STRING"] ?? "" }
    var accept: String? { request.parameters["HTTP_ACCEPT"] }
    var acceptLanguage: String? { request.parameters["HTTP_ACCEPT_LANGUAGE"] }

    /// The trace that the request belongs to, or a new one.
    var trace: TraceContext {
        guard request.parameters.bytes("HTTP_TRACEPARENT") != nil else { return TraceContext(requestId: requestId) }
        return TraceContext(
            traceparent: headers("traceparent"), tracestate: headers("tracestate"), requestId: requestId)
    }

    /// The name that the web server has authenticated. Control characters, which SQLite would end a name at, become U+FFFD.
    var user: String? {
        guard let name = request.parameters["REMOTE_USER"], !name.isEmpty else { return nil }
        guard name.unicodeScalars.contains(where: \.isControl) else { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 }))
    }

    /// Who called, for the log: the name that the web server has authenticated, else the address.
    var caller: String {
        if let user { return user }
        return request.parameters["REMOTE_ADDR"] ?? ""
    }

    /// The value of a request header, by its name as HTTP writes it, whatever the case.
    func header(_ name: String) -> String? {
        request.parameters[named: Self.variable(for: name)]
    }

    /// All values of a request header that was given more than once.
    func headers(_ name: String) -> [String] {
        request.parameters.values(named: Self.variable(for: name))
    }

    /// `X-TC-Action` travels as `HTTP_X_TC_ACTION` (RFC 3875, section 4.1.18).
    private static func variable(for header: String) -> String {
        switch header.lowercased() {
        case "content-type": return "CONTENT_TYPE"
        case "content-length": return "CONTENT_LENGTH"
        default: break
        }
        let name = header.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 0x20
            case UInt8(ascii: "-"): UInt8(ascii: "_")
            default: byte
            }
        }
        return "HTTP_" + String(decoding: name, as: UTF8.self)
    }
}

extension Unicode.Scalar {
    /// Whether it is one of ASCII's control characters.
    var isControl: Bool { value < 0x20 || value == 0x7F }
}
