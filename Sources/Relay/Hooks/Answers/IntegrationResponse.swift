// SPDX-License-Identifier: Apache-2.0

import FastCGI
import HTTPTypes
import StrictJSON
import WebhookSignatures

/// What a function may return to say more than a body: the API gateway's integration response,
/// `{"isBase64Encoded": false, "statusCode": 200, "headers": {"Content-Type": "text/html"}, "body": "…"}`.
///
/// Source: <https://cloud.tencent.com/document/product/583/12513>.
struct IntegrationResponse: Equatable {
    /// Why a function's integration response cannot be an answer.
    struct Malformed: Error, Equatable {
        /// For the log.
        let reason: String
    }

    var status = 200
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// Bytes that all fields together may have: nginx has one buffer for them, and the relay needs some of it.
    private static let maximumFieldBytes = 8_192

    static func == (left: IntegrationResponse, right: IntegrationResponse) -> Bool {
        left.status == right.status && left.body == right.body
            && left.fields.elementsEqual(right.fields) { $0 == $1 }
    }

    /// Reads what a function returned.
    ///
    /// - Returns: `nil` where that is something else: no object, without `statusCode`, or with other members. It is then
    ///   the answer's body as it is.
    /// - Throws: ``Malformed`` where it is meant to be one, and wrong.
    init?(_ text: ArraySlice<UInt8>) throws(Malformed) {
        guard let members = Self.members(of: text), let status = members["statusCode"] else { return nil }
        self.status = try Self.status(status)
        if let headers = members["headers"] { fields = try Self.fields(headers) }
        body = try Self.body(members["body"], isBase64Encoded: members["isBase64Encoded"])
    }

    private static let names: Set<String> = ["isBase64Encoded", "statusCode", "headers", "body"]

    private static func members(of text: ArraySlice<UInt8>) -> [String: ArraySlice<UInt8>]? {
        do throws(JSONSyntaxError) {
            var members: [String: ArraySlice<UInt8>] = [:]
            var reader = try JSONObjectReader(text)
            while let member = try reader.nextMember() {
                guard names.contains(member.name) else { return nil }
                members[member.name] = try reader.readValue()
            }
            return members
        } catch {
            return nil
        }
    }

    private static func status(_ json: ArraySlice<UInt8>) throws(Malformed) -> Int {
        let text = String(decoding: json, as: UTF8.self)
        // 1xx would be no end of an answer.
        guard let status = Int(text), (200...599).contains(status) else {
            throw Malformed(reason: "statusCode is not a whole number from 200 to 599")
        }
        return status
    }

    private static func fields(_ json: ArraySlice<UInt8>) throws(Malformed) -> [(name: String, value: String)] {
        if json.elementsEqual("null".utf8) { return [] }
        var fields: [(name: String, value: String)] = []
        do throws(JSONSyntaxError) {
            var reader = try JSONObjectReader(json)
            while let member = try reader.nextMember() {
                let isText = member.kind == .string
                fields.append((member.name, isText ? try reader.readString() : text(try reader.readValue())))
            }
        } catch {
            throw Malformed(reason: "headers is not an object of texts")
        }
        for field in fields where !HeaderRules.isName(field.name) || !HeaderRules.isValue(field.value) {
            throw Malformed(reason: "headers holds a name or a value that cannot stand in a header field")
        }
        guard fields.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }) <= maximumFieldBytes else {
            throw Malformed(reason: "headers is over \(maximumFieldBytes) bytes")
        }
        return fields
    }

    private static func body(
        _ json: ArraySlice<UInt8>?, isBase64Encoded: ArraySlice<UInt8>?
    ) throws(Malformed) -> [UInt8] {
        guard let json, !json.elementsEqual("null".utf8) else { return [] }
        guard json.first == UInt8(ascii: "\"") else {
            // Not what the gateway allows, but what is meant is clear.
            return Array(json)
        }
        let body = JSONString.unescaped(checkedLiteral: json)
        switch text(isBase64Encoded ?? ArraySlice("false".utf8)) {
        case "false": return body
        case "true":
            guard let decoded = Base64.decode(String(decoding: body, as: UTF8.self)) else {
                throw Malformed(reason: "body is not Base64, and isBase64Encoded is true")
            }
            return decoded
        default: throw Malformed(reason: "isBase64Encoded is neither true nor false")
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
