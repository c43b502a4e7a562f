// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import StrictJSON
import TencentCloud

/// A body of the type `application/json` as names and texts: what lies inside another value is named as forms name it,
/// `Filters.0.Values.1`.
///
/// For actions with a few small parameters. ``JSONBody`` is for those that carry a payload.
enum FlatParameters {
    /// Bytes of the whole body. The largest call that makes sense has ten filters of twenty values.
    static let bodyBytes = 65_536
    private static let bounds = JSONObjectReader.Bounds(memberCount: 64, nameBytes: 256, depth: 8)

    /// - Throws: `RequestSizeLimitExceeded`, `InvalidParameter` for what is no JSON object.
    static func read(_ body: ArraySlice<UInt8>) throws(CloudError) -> [(name: String, value: String)] {
        guard body.count <= bodyBytes else {
            throw CloudError(
                "RequestSizeLimitExceeded", "The parameters take \(body.count) bytes; at most \(bodyBytes) are allowed."
            )
        }
        var parameters: [(name: String, value: String)] = []
        do throws(JSONSyntaxError) {
            var reader = try JSONObjectReader(body, bounds: bounds)
            while let member = try reader.nextMember() {
                let text = try reader.readValue()
                // The reader has found that it is JSON, and not too deep; the decoder has nothing to refuse.
                let value = try? JSONDecoder().decode(Value.self, from: Data(text))
                value?.append(to: &parameters, as: member.name)
            }
        } catch {
            throw CloudError("InvalidParameter", "The body is not a JSON object of parameters: \(error).")
        }
        return parameters
    }

    private enum Value: Decodable {
        case text(String)
        case list([Value])
        case object([String: Value])
        case null

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if value.decodeNil() {
                self = .null
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let flag = try? value.decode(Bool.self) {
                self = .text(flag ? "true" : "false")
            } else if let number = try? value.decode(Int.self) {
                self = .text(String(number))
            } else if let number = try? value.decode(Double.self) {
                self = .text(String(number))
            } else if let list = try? value.decode([Value].self) {
                self = .list(list)
            } else {
                self = .object(try value.decode([String: Value].self))
            }
        }

        func append(to parameters: inout [(name: String, value: String)], as name: String) {
            switch self {
            case .text(let text): parameters.append((name, text))
            case .list(let values):
                for (index, value) in values.enumerated() { value.append(to: &parameters, as: "\(name).\(index)") }
            case .object(let members):
                for (member, value) in members { value.append(to: &parameters, as: "\(name).\(member)") }
            case .null: break
            }
        }
    }
}
