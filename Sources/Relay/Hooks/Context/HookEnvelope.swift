// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import StrictJSON
import TencentCloud
import WebhookSignatures

/// A request in the shape of the cloud's API-gateway trigger, so that functions written for that trigger run unchanged.
///
/// Names of header fields are in small letters, as they were there. Values of a header field that came more than once are
/// joined; of a query parameter, they are a list.
///
/// Source: <https://cloud.tencent.com/document/product/583/31927>.
enum HookEnvelope {
    /// The event, as JSON.
    ///
    /// - Throws: `InvalidParameter` where the query has too many parameters.
    static func event(of call: HTTPCall) throws(CloudError) -> [UInt8] {
        var json = JSONObjectText()
        json.add("requestContext", requestContext(of: call))
        json.add("headers", headers(of: call))
        let body = call.request.body
        if let text = String(validating: body, as: UTF8.self) {
            json.add("body", text: text)
            json.add("isBase64Encoded", literal: "false")
        } else {
            json.add("body", text: Base64.encode(body))
            json.add("isBase64Encoded", literal: "true")
        }
        let query = try query(of: call)
        json.add("pathParameters", literal: "{}")
        json.add("queryStringParameters", query)
        json.add("headerParameters", literal: "{}")
        json.add("stageVariables", literal: #"{"stage":"release"}"#)
        json.add("path", text: call.path)
        json.add("queryString", query)
        json.add("httpMethod", text: call.method.rawValue)
        return json.finished()
    }

    private static func requestContext(of call: HTTPCall) -> [UInt8] {
        var json = JSONObjectText()
        json.add("serviceId", text: "scf-relay")
        json.add("path", text: call.path)
        json.add("httpMethod", text: call.method.rawValue)
        json.add("requestId", text: call.requestId)
        json.add("identity", literal: "{}")
        json.add("sourceIp", text: call.request.parameters["REMOTE_ADDR"] ?? "")
        json.add("stage", text: "release")
        return json.finished()
    }

    private static func headers(of call: HTTPCall) -> [UInt8] {
        var fields: [(name: String, value: String)] = []
        for (variable, value) in call.request.parameters.pairs {
            guard let name = headerName(variable), !value.isEmpty, !HeaderRules.isSensitive(name), name != "proxy"
            else {
                continue
            }
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index].value += ", " + value
            } else {
                fields.append((name, value))
            }
        }
        var json = JSONObjectText()
        for field in fields { json.add(field.name, text: field.value) }
        return json.finished()
    }

    /// `HTTP_USER_AGENT` was `user-agent` (RFC 3875, section 4.1.18). nginx passes on the two fields of the body twice.
    private static func headerName(_ variable: String) -> String? {
        switch variable {
        case "CONTENT_TYPE": "content-type"
        case "CONTENT_LENGTH": "content-length"
        case "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH": nil
        case let variable where variable.hasPrefix("HTTP_"):
            variable.dropFirst("HTTP_".count).lowercased().replacing("_", with: "-")
        default: nil
        }
    }

    private static func query(of call: HTTPCall) throws(CloudError) -> [UInt8] {
        var names: [String] = []
        var values: [String: [String]] = [:]
        for (name, value) in try QueryText.pairs(ofQuery: call.query) {
            if values[name] == nil { names.append(name) }
            values[name, default: []].append(value)
        }
        var json = JSONObjectText()
        for name in names {
            let list = values[name] ?? []
            if list.count == 1 { json.add(name, text: list[0]) } else { json.add(name, texts: list) }
        }
        return json.finished()
    }
}
