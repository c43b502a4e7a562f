// SPDX-License-Identifier: Apache-2.0

public import TencentCloud

/// The fields of a call as a body or a query gave them: each known, none twice, values not yet looked at.
///
/// A field without a value counts as one that is not there.
public struct InvokeFields: Sendable {
    /// The function's event, checked.
    public private(set) var clientContext: ClientContext?
    /// Which fields there may be.
    public let names: InvokeParameterNames
    private var texts: [(parameter: InvokeParameter, text: String)] = []
    private var seen: [InvokeParameter] = []

    /// No fields yet.
    public init(_ names: InvokeParameterNames = .all) {
        self.names = names
    }

    /// The text of a parameter, where it was given.
    public subscript(parameter: InvokeParameter) -> String? {
        texts.first { $0.parameter == parameter }?.text
    }

    /// Notes that a field for this parameter has come.
    ///
    /// Readers call it before they look at the value, so that a second value is never decoded.
    ///
    /// - Throws: `InvalidParameterValue` where it came before.
    public mutating func announce(_ parameter: InvokeParameter) throws(CloudError) {
        guard !seen.contains(parameter) else {
            throw .repeatedParameter(names.name(of: parameter))
        }
        seen.append(parameter)
    }

    /// Sets the text of an announced parameter other than ClientContext.
    public mutating func set(_ parameter: InvokeParameter, to text: String) {
        if !text.isEmpty { texts.append((parameter, text)) }
    }

    /// Sets the announced ClientContext.
    public mutating func set(_ clientContext: ClientContext?) {
        self.clientContext = clientContext
    }
}

extension InvokeFields {
    /// Takes names and values as they come from a query or a decoded form.
    ///
    /// - Throws: `UnknownParameter`, `InvalidParameterValue` for a second value, and what ``ClientContext`` throws.
    public init(_ pairs: some Sequence<(name: String, value: String)>, limits: Limits) throws(CloudError) {
        self.init()
        for (name, value) in pairs {
            let parameter = try names.parameter(named: name, limits: limits)
            try announce(parameter)
            if parameter == .clientContext {
                set(try ClientContext(ifAny: ArraySlice(value.utf8), named: names.action.eventName, limits: limits))
            } else {
                set(parameter, to: value)
            }
        }
    }
}
