// SPDX-License-Identifier: Apache-2.0

import Invocation
import TencentCloud

// What the forms have in common once a name and a value lie there as bytes.

extension InvokeFields {
    /// The parameter that a field's name means.
    func parameter(namedBy name: ArraySlice<UInt8>, limits: Limits) throws(CloudError) -> InvokeParameter {
        guard let text = String(validating: name, as: UTF8.self) else {
            throw CloudError("InvalidParameter", "A field name is not well-formed UTF-8.")
        }
        return try names.parameter(named: text, limits: limits)
    }

    /// Sets an announced parameter to the bytes that a form gives for it.
    mutating func set(
        _ parameter: InvokeParameter, toBytes value: ArraySlice<UInt8>, limits: Limits
    ) throws(CloudError) {
        if parameter == .clientContext {
            set(try ClientContext(ifAny: value, named: names.action.eventName, limits: limits))
        } else {
            set(parameter, to: try Self.text(value, of: parameter, limits: limits))
        }
    }

    /// The text of any parameter but ClientContext.
    static func text(
        _ value: ArraySlice<UInt8>, of parameter: InvokeParameter, limits: Limits
    ) throws(CloudError) -> String {
        guard value.count <= limits.fieldBytes else {
            throw CloudError(
                "InvalidParameterValue",
                "\(parameter.rawValue) is \(value.count.grouped) bytes; at most \(limits.fieldBytes.grouped) are allowed."
            )
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw CloudError("InvalidParameterValue", "\(parameter.rawValue) is not well-formed UTF-8.")
        }
        return text
    }

    /// Bounds how many fields a body may have.
    static func check(count: Int, limits: Limits) throws(CloudError) {
        guard count <= limits.fieldCount else {
            throw CloudError("InvalidParameter", "The body has more than \(limits.fieldCount) fields.")
        }
    }
}
