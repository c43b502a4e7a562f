// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON
import TencentCloud

/// The sender's id for a delivery, by which it is known again when it is sent again.
enum DeliveryId {
    /// Characters that an id may have.
    static let maximumBytes = 255

    /// - Returns: `nil` where the sender gives none: every request is then a new delivery.
    /// - Throws: `InvalidParameter` for what cannot be an id.
    static func of(
        _ request: HookRequest, at source: FieldSource?, limits: Limits
    ) throws(CloudError) -> String? {
        guard let source, let id = try text(of: request, at: source, limits: limits), !id.isEmpty else { return nil }
        guard isRight(id) else {
            throw CloudError(
                "InvalidParameter", "The id of the delivery is not of at most \(maximumBytes) visible ASCII characters."
            )
        }
        return id
    }

    /// Whether it is short and visible enough to be kept, compared and printed.
    static func isRight(_ id: String) -> Bool {
        id.utf8.count <= maximumBytes && id.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func text(
        of request: HookRequest, at source: FieldSource, limits: Limits
    ) throws(CloudError) -> String? {
        switch source {
        case .header(let name):
            let values = request.call.headers(name)
            guard values.count <= 1 else {
                throw CloudError("InvalidParameter", "\(name) is given more than once; it is the id of the delivery.")
            }
            return values.first
        case .body:
            // Slack sends forms too, which have no id.
            guard let json = try? request.json(limits: limits) else { return nil }
            return try? text(of: source.value(in: json))
        case .query, .text: return nil
        }
    }

    private static func text(of json: ArraySlice<UInt8>?) throws(JSONSyntaxError) -> String? {
        guard let json else { return nil }
        if json.first == UInt8(ascii: "\"") { return String(decoding: try JSONString.unquoted(json), as: UTF8.self) }
        return json.elementsEqual("null".utf8) ? nil : String(decoding: json, as: UTF8.self)
    }
}

extension FieldSource {
    /// The value of the body that this names.
    fileprivate func value(in json: ArraySlice<UInt8>) throws(JSONSyntaxError) -> ArraySlice<UInt8>? {
        guard case .body(let pointer) = self else { return nil }
        return try pointer.value(in: json)
    }
}
