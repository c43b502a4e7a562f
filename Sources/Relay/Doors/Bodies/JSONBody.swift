// SPDX-License-Identifier: Apache-2.0

import Invocation
import StrictJSON
import TencentCloud

/// A body of the type `application/json`: one object, whose members are the parameters.
///
/// The body is walked once, ClientContext with it: as a string whose text is JSON (the API's own form), or as any JSON
/// value, whose bytes are then the text.
enum JSONBody {
    /// In which forms ClientContext may stand.
    enum ClientContextForm {
        /// A string whose text is JSON: the API's own form.
        case stringOnly
        /// That, or any JSON value.
        case anyValue
    }

    static func fields(
        in body: ArraySlice<UInt8>, names: InvokeParameterNames = .all,
        clientContext form: ClientContextForm = .anyValue, limits: Limits
    ) throws(CloudError) -> InvokeFields {
        // In a name as it lies each byte may be written in six (\u0041).
        let bounds = JSONObjectReader.Bounds(
            memberCount: limits.fieldCount, nameBytes: 6 * limits.fieldNameBytes, depth: limits.nestingDepth)
        var fields = InvokeFields(names)
        var reader = try notJSON { () throws(JSONSyntaxError) in try JSONObjectReader(body, bounds: bounds) }
        while let member = try notJSON({ () throws(JSONSyntaxError) in try reader.nextMember() }) {
            let parameter = try names.parameter(named: member.name, limits: limits)
            try fields.announce(parameter)
            if member.kind == .null { continue }
            if parameter == .clientContext, member.kind == .string || form == .anyValue {
                fields.set(try event(named: names.action.eventName, member.kind, from: &reader, limits: limits))
            } else {
                let name = names.name(of: parameter)
                fields.set(parameter, to: try text(of: parameter, name, member.kind, from: &reader, limits: limits))
            }
        }
        return fields
    }

    private static func event(
        named name: String, _ kind: JSONObjectReader.Kind, from reader: inout JSONObjectReader, limits: Limits
    ) throws(CloudError) -> ClientContext? {
        if kind == .string {
            let string = try notJSON { () throws(JSONSyntaxError) in try reader.readQuotedJSON() }
            return try ClientContext(ifAny: string, named: name, limits: limits)
        }
        let value: ArraySlice<UInt8>
        do throws(JSONSyntaxError) {
            value = try reader.readValue()
        } catch {
            throw CloudError("InvalidParameterValue.Param", "\(name) is not JSON: in the body, \(error).")
        }
        return try ClientContext(checkedValue: value, named: name, limits: limits)
    }

    private static func text(
        of parameter: InvokeParameter, _ name: String, _ kind: JSONObjectReader.Kind,
        from reader: inout JSONObjectReader, limits: Limits
    ) throws(CloudError) -> String {
        guard kind == .string else {
            throw CloudError("InvalidParameterValue", "\(name) is no string; write it in double quotes.")
        }
        let literal = try notJSON { () throws(JSONSyntaxError) in try reader.readStringLiteral() }
        guard literal.count <= 6 * limits.fieldBytes + 2 else {
            throw CloudError(
                "InvalidParameterValue",
                "\(name) is too long; at most \(limits.fieldBytes.grouped) bytes are allowed.")
        }
        return try InvokeFields.text(JSONString.unescaped(checkedLiteral: literal)[...], of: parameter, limits: limits)
    }

    private static func notJSON<Content>(
        _ read: () throws(JSONSyntaxError) -> Content
    ) throws(CloudError) -> Content {
        do throws(JSONSyntaxError) {
            return try read()
        } catch {
            throw CloudError("InvalidParameter", "The body is not a JSON object of parameters: \(error).")
        }
    }
}
