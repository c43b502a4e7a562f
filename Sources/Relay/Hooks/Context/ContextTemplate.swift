// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON
import TencentCloud

/// An event of chosen fields: names, and where in the request their values are.
///
/// A value of the body goes in as the JSON that it is there, byte for byte; a header field, a parameter and a fixed text
/// go in as strings. What is not in the request is `null`. No text is ever put into another, so nothing that a sender
/// writes can become more than one value.
struct ContextTemplate: Sendable {
    /// The event's members, in order.
    let fields: [(name: String, source: FieldSource)]

    /// Makes the event.
    ///
    /// - Throws: `InvalidParameterValue.Param` where a value of the body is asked for and the body is not JSON,
    ///   `InvalidParameter` where one of the query is and that is too long.
    func event(of request: HookRequest, limits: Limits) throws(CloudError) -> [UInt8] {
        let values = try RequestValues(request, limits: limits, for: fields.map(\.source))
        var event = JSONObjectText()
        for field in fields {
            if let value = values[field.source] {
                event.add(field.name, value)
            } else {
                event.add(field.name, literal: "null")
            }
        }
        return event.finished()
    }
}

extension FieldSource {
    var isOfBody: Bool { if case .body = self { true } else { false } }
    var isOfQuery: Bool { if case .query = self { true } else { false } }
}

/// Takes values out of a request, as JSON.
struct RequestValues {
    private let call: HTTPCall
    private let body: ArraySlice<UInt8>
    private let query: [(name: String, value: String)]

    /// Reads the parts of a request that values are wanted of.
    ///
    /// - Throws: `InvalidParameterValue.Param` where the body is needed and not JSON, `InvalidParameter` where the query is
    ///   needed and has too many parameters.
    init(_ request: HookRequest, limits: Limits, for sources: [FieldSource]) throws(CloudError) {
        call = request.call
        body = sources.contains(where: \.isOfBody) ? try request.json(limits: limits) : []
        query = sources.contains(where: \.isOfQuery) ? try QueryText.pairs(ofQuery: request.call.query) : []
    }

    /// The value, as JSON; `nil` where the request has none.
    subscript(source: FieldSource) -> ArraySlice<UInt8>? {
        switch source {
        // The body has been checked: it cannot turn out to be wrong here.
        case .body(let pointer): try? pointer.value(in: body)
        case .header(let name): quoted(joined(call.headers(name)))
        // The first parameter of that name.
        case .query(let name): quoted(query.first { $0.name == name }?.value)
        case .text(let text): quoted(text)
        }
    }

    /// As for all recipients (RFC 9110, section 5.3).
    private func joined(_ values: [String]) -> String? {
        values.isEmpty ? nil : values.joined(separator: ", ")
    }

    private func quoted(_ text: String?) -> ArraySlice<UInt8>? {
        guard let text else { return nil }
        var bytes: [UInt8] = []
        JSONString.appendQuoted(text, to: &bytes)
        return bytes[...]
    }
}
